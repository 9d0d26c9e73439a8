-- Employers of Instantly leads → companies, by registrable domain. The name is the one first given for the domain, by
-- the vendor's own dates, so the order of arrival does not matter. $1 now
with touched as (
  select distinct l.lead_domain
    from changed
    join instantly_leads_raw l on l.instantly_lead_id = changed.record_key
   where changed.raw_table = 'instantly_leads_raw'
     and l.lead_domain is not null
),
vendor as (
  select touched.lead_domain as company_domain,
         (array_agg(n.company_name order by l.raw_json ->> 'timestamp_created', l.instantly_lead_id)
            filter (where n.company_name is not null))[1] as company_name
    from touched
    join instantly_leads_raw l using (lead_domain)
   cross join lateral (
     select coalesce(
              touchline.filled(l.raw_json ->> 'company_name'),
              touchline.filled(l.raw_json #>> '{payload,companyName}')
            ) as company_name
   ) n
   group by touched.lead_domain
)
insert into companies as c (company_domain, company_name, derived, created_at, updated_at)
select company_domain,
       company_name,
       jsonb_build_object('company_name', company_name),
       $1,
       $1
  from vendor
    on conflict (company_domain) do update
   set company_name = excluded.company_name,
       derived = c.derived || excluded.derived,
       updated_at = $1
 where touchline.follows(c.derived, 'company_name', c.company_name, null)
   and (c.company_name, c.derived) is distinct from (excluded.company_name, c.derived || excluded.derived)
