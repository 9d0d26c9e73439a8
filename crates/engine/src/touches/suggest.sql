-- Whom unknown senders might be, at most three each, the likeliest first. $1 events
with senders as (
  select e.id,
         e.contact_kind,
         e.contact_address,
         e.instantly_email_id,
         case when e.contact_kind = 'email' then lower(split_part(e.contact_address, '@', 1)) end as local_part,
         case when e.contact_kind = 'email' then lower(split_part(e.contact_address, '@', 2)) end as domain,
         case when e.contact_kind = 'phone' then substr(e.contact_address, 2) end as digits,
         touchline.filled(e.raw_data ->> 'thread_id') as thread_id
    from events e
   where e.id = any ($1)
),
candidates as (
  select s.id as event_id,
         l.id as lead_id,
         1 as rank,
         'their address stands on this person' as why
    from senders s
    join leads l on lower(l.email) = s.contact_address
   where s.contact_kind = 'email'
  union all
  select s.id,
         l.id,
         1,
         'their profile stands on this person'
    from senders s
    join leads l on lower(l.linkedin_url) in ('https://www.linkedin.com/' || lower(s.contact_address), 'https://linkedin.com/' || lower(s.contact_address),
                                              'http://www.linkedin.com/' || lower(s.contact_address), 'https://www.linkedin.com/' || lower(s.contact_address) || '/')
   where s.contact_kind = 'linkedin'
  union all
  select s.id,
         l.id,
         1,
         'their number stands on this person'
    from senders s
    -- few candidates by the end of the number, which has an index
    join leads l
      on right(translate(l.phone, E' ()-./+\'\"\t\u00a0\u2010\u2011\u2012\u2013\u202f', ''), 7) = right(s.digits, 7)
     and regexp_replace(l.phone, '[^0-9]', '', 'g') in (s.digits, '00' || s.digits)
   where s.digits is not null
     and l.phone is not null
  union all
  select s.id,
         e.lead_id,
         2,
         'the same thread'
    from senders s
    join instantly_emails_raw m on m.raw_json ->> 'thread_id' = s.thread_id
    join events e on e.instantly_email_id = m.instantly_email_id
   where s.thread_id is not null
     and e.lead_id is not null
  union all
  select s.id,
         at_company.lead_id,
         case when at_company.name_fits then 3 else 4 end,
         case when at_company.name_fits then 'same company, and the name is in the address' else 'same company domain' end
    from senders s
   cross join lateral (
      select l.id as lead_id,
             coalesce(length(l.last_name) > 2 and position(lower(l.last_name) in s.local_part) > 0, false) as name_fits
        from companies c
        join leads l on l.company_id = c.id
       -- mail may come from a host below the company's domain
       where c.company_domain in (s.domain, substr(s.domain, strpos(s.domain, '.') + 1))
       order by name_fits desc, l.lead_status = 'new', l.updated_at desc, l.id
       limit 3
   ) at_company
),
best as (
  select distinct on (event_id, lead_id) *
    from candidates
   order by event_id, lead_id, rank
),
placed as (
  select best.*,
         row_number() over (partition by event_id order by rank, lead_id) as place
    from best
)
select p.event_id,
       p.lead_id,
       nullif(concat_ws(' ', l.first_name, l.last_name), '') as full_name,
       l.email,
       coalesce(c.company_name, c.company_domain) as company_name,
       p.why
  from placed p
  join leads l on l.id = p.lead_id
  left join companies c on c.id = l.company_id
 where p.place <= 3
 order by p.event_id, p.place
