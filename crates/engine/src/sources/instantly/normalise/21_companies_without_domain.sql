-- Employers known by name only (no website, free mail) → companies without a domain, one a folded name. $1 now
with named as (
  select touchline.filled(coalesce(
           touchline.filled(l.raw_json ->> 'company_name'),
           l.raw_json #>> '{payload,companyName}'
         )) as company_name,
         l.raw_json ->> 'timestamp_created' as made_at,
         l.instantly_lead_id
    from changed
    join instantly_leads_raw l on l.instantly_lead_id = changed.record_key
   where changed.raw_table = 'instantly_leads_raw'
     and l.lead_domain is null
)
insert into companies (company_name, derived, created_at, updated_at)
select distinct on (lower(named.company_name))
       named.company_name,
       jsonb_build_object('company_name', named.company_name),
       $1,
       $1
  from named
 where named.company_name is not null
   and not exists (
     select from companies c
      where c.company_domain is null
        and md5(lower(btrim(c.company_name))) = md5(lower(named.company_name))
   )
 order by lower(named.company_name), named.made_at, named.instantly_lead_id
