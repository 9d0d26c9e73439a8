-- Suppressions by their ids. $1 ids
select s.*,
       nullif(concat_ws(' ', l.first_name, l.last_name), '') as full_name,
       coalesce(c.company_name, c.company_domain) as company_name
  from suppressions s
  left join leads l on l.id = s.lead_id
  left join companies c on c.id = s.company_id
 where s.id = any ($1)
 order by s.suppressed_at desc, s.id desc
