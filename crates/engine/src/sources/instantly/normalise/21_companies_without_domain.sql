-- Employers known by name only (no website, free mail) → companies without a domain, one a folded name. It is written
-- as the earliest lead writes it, by the vendor's own dates, so the order of arrival does not matter. $1 now
with named as (
  select coalesce(
           touchline.filled(l.raw_json ->> 'company_name'),
           touchline.filled(l.raw_json #>> '{payload,companyName}')
         ) as company_name,
         coalesce(l.raw_json ->> 'timestamp_created', '~') || ' ' || l.instantly_lead_id as given
    from changed
    join instantly_leads_raw l on l.instantly_lead_id = changed.record_key
   where changed.raw_table = 'instantly_leads_raw'
     and l.lead_domain is null
),
vendor as (
  select distinct on (lower(named.company_name))
         named.company_name,
         md5(lower(named.company_name)) as folded,
         jsonb_build_object('company_name', named.company_name, 'company_name_given', named.given) as derived
    from named
   where named.company_name is not null
   order by lower(named.company_name), named.given collate "C"
),
respelled as (
  update companies c
     set company_name = v.company_name,
         derived = c.derived || v.derived,
         updated_at = $1
    from vendor v
   where c.company_domain is null
     and md5(lower(btrim(c.company_name))) = v.folded
     and c.derived ? 'company_name_given'
     and touchline.follows(c.derived, 'company_name', c.company_name, null)
     and (v.derived ->> 'company_name_given') collate "C" <= c.derived ->> 'company_name_given'
     and c.derived is distinct from c.derived || v.derived
  returning c.id
),
added as (
  insert into companies (company_name, derived, created_at, updated_at)
  select v.company_name,
         v.derived,
         $1,
         $1
    from vendor v
   where not exists (
     select from companies c
      where c.company_domain is null
        and md5(lower(btrim(c.company_name))) = v.folded
   )
  returning id
)
select id from respelled
union all
select id from added
