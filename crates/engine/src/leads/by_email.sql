-- The lead known by an address: by identity, else by what somebody typed into leads. $1 canonical address
select l.id,
       l.first_name,
       l.last_name,
       l.email,
       l.job_title,
       l.phone,
       l.linkedin_url,
       l.lead_status,
       c.company_name,
       c.company_domain
  from leads l
  left join companies c on c.id = l.company_id
 where l.id = coalesce(
         (select i.lead_id from lead_identities i where i.identity_kind = 'email' and i.identity_value = $1),
         (select o.id from leads o where lower(o.email) = $1 order by o.created_at, o.id limit 1)
       )
