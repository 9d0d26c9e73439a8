-- Whom unknown senders might be: people at the company that owns the domain of their address, those whose name is in it first.
-- At most three for each. $1 events
with senders as (
  select e.id,
         lower(split_part(e.contact_address, '@', 1)) as local_part,
         lower(split_part(e.contact_address, '@', 2)) as domain
    from events e
   where e.id = any ($1)
     and e.contact_kind = 'email'
)
select s.id as event_id,
       m.lead_id,
       m.email,
       m.full_name,
       m.company_name,
       m.name_fits
  from senders s
 cross join lateral (
    select l.id as lead_id,
           l.email,
           nullif(concat_ws(' ', l.first_name, l.last_name), '') as full_name,
           coalesce(c.company_name, c.company_domain) as company_name,
           coalesce(length(l.last_name) > 2 and position(lower(l.last_name) in s.local_part) > 0, false) as name_fits
      from companies c
      join leads l on l.company_id = c.id
     -- mail may come from a host below the company's domain
     where c.company_domain in (s.domain, substr(s.domain, strpos(s.domain, '.') + 1))
     order by name_fits desc, l.lead_status = 'new', l.updated_at desc, l.id
     limit 3
  ) m
 order by s.id, m.name_fits desc, m.lead_id
