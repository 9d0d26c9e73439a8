-- Who is meant: a lead by its id, by an identity, else by what somebody typed into leads; at most five. $1 lead, else
-- $2 kind and $3 canonical value of an address
with by_identity as (
  select i.lead_id
    from lead_identities i
   where i.identity_kind = $2::text
     and i.identity_value = $3::text
),
typed as (
  select l.id as lead_id
    from leads l
   where not exists (select from by_identity)
     and $2 = 'email'
     and lower(l.email) = $3
  union
  select l.id
    from leads l
   where not exists (select from by_identity)
     and $2 = 'phone'
     and l.phone is not null
     -- few candidates by the end of the number, which has an index
     and right(translate(l.phone, E' ()-./+\'\"\t\u00a0\u2010\u2011\u2012\u2013\u202f', ''), 7) = right($3, 7)
     and regexp_replace(l.phone, '[^0-9]', '', 'g') = substr($3, 2)
  union
  select l.id
    from leads l
   where not exists (select from by_identity)
     and $2 = 'linkedin'
     and l.linkedin_url is not null
     and lower(l.linkedin_url) in (
           lower($3), 'https://www.linkedin.com/' || lower($3), 'https://www.linkedin.com/' || lower($3) || '/', 'https://linkedin.com/' || lower($3),
           'http://www.linkedin.com/' || lower($3), 'linkedin.com/' || lower($3), 'www.linkedin.com/' || lower($3)
         )
),
meant as (
  select $1::uuid as lead_id
  union
  select lead_id from by_identity
  union
  select lead_id from typed
)
select l.id as lead_id,
       nullif(concat_ws(' ', l.first_name, l.last_name), '') as full_name,
       l.email,
       l.phone,
       l.linkedin_url,
       l.company_id,
       coalesce(c.company_name, c.company_domain) as company_name
  from meant
  join leads l on l.id = meant.lead_id
  left join companies c on c.id = l.company_id
 order by l.created_at, l.id
 limit 5
