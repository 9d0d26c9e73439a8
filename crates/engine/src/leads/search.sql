-- What begins so: people, companies, campaigns; a handful of each. $1 pattern, $2 how many of each
(
  select 'lead' as kind, l.id, nullif(concat_ws(' ', l.first_name, l.last_name), '') as label, coalesce(l.email, '') as address, coalesce(c.company_name, c.company_domain) as hint
    from (
      (select id from leads where lower(last_name) like $1 order by lower(last_name) limit $2)
      union
      (select id from leads where lower(first_name) like $1 order by lower(first_name) limit $2)
      union
      (select id from leads where lower(email) like $1 order by lower(email) limit $2)
    ) found
    join leads l on l.id = found.id
    left join companies c on c.id = l.company_id
    left join touchline.lead_activity a on a.lead_id = l.id
   order by a.last_touch_at desc nulls last, l.id
   limit $2
)
union all
(
  select 'company', c.id, coalesce(c.company_name, c.company_domain), coalesce(c.company_domain, ''), c.industry
    from companies c
   where lower(c.company_name) like $1
      or c.company_domain like $1
   order by lower(c.company_name), c.id
   limit $2
)
union all
(
  select 'campaign', k.id, k.campaign_name, '', k.campaign_status
    from campaigns k
   where lower(k.campaign_name) like '%' || $1
   order by k.campaign_status = 'active' desc, lower(k.campaign_name), k.id
   limit $2
)
