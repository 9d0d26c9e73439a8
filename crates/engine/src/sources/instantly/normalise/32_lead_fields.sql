-- What Instantly knows of a person → the lead's fields. Each field is the value first given, by the vendor's own
-- dates, over all of the person's vendor leads; blanks are filled, nothing that others wrote is replaced. $1 now
with touched as materialized (
  select distinct
         i.lead_id,
         i.identity_kind,
         i.identity_value
    from changed
    join instantly_leads_raw l on l.instantly_lead_id = changed.record_key
    join lead_identities i
      on i.identity_kind = case when l.email_address is null then 'instantly_lead' else 'email' end
     and i.identity_value = coalesce(l.email_address, l.instantly_lead_id)
   where changed.raw_table = 'instantly_leads_raw'
),
records as (
  select touched.lead_id, l.*
    from touched
    join instantly_leads_raw l on l.email_address = touched.identity_value
   where touched.identity_kind = 'email'
  union all
  select touched.lead_id, l.*
    from touched
    join instantly_leads_raw l on l.instantly_lead_id = touched.identity_value
   where touched.identity_kind = 'instantly_lead'
),
told as (
  select r.lead_id,
         r.raw_json ->> 'timestamp_created' as made_at,
         r.instantly_lead_id,
         coalesce(touchline.filled(r.raw_json ->> 'first_name'), touchline.filled(r.raw_json #>> '{payload,firstName}')) as first_name,
         coalesce(touchline.filled(r.raw_json ->> 'last_name'), touchline.filled(r.raw_json #>> '{payload,lastName}')) as last_name,
         coalesce(touchline.filled(r.raw_json ->> 'job_title'), touchline.filled(r.raw_json #>> '{payload,jobTitle}')) as job_title,
         coalesce(touchline.filled(r.raw_json ->> 'phone'), touchline.filled(r.raw_json #>> '{payload,phone}')) as phone,
         company.id as company_id
    from records r
    left join lateral (
      select c.id
        from companies c
       where c.company_domain = r.lead_domain
      union all
      select nameless.id
        from (
          select c.id
            from companies c
           where r.lead_domain is null
             and c.company_domain is null
             and md5(lower(btrim(c.company_name))) = md5(lower(coalesce(
                   touchline.filled(r.raw_json ->> 'company_name'),
                   touchline.filled(r.raw_json #>> '{payload,companyName}')
                 )))
           order by c.created_at, c.id
           limit 1
        ) nameless
    ) company on true
),
vendor as (
  select lead_id,
         (array_agg(first_name order by made_at, instantly_lead_id) filter (where first_name is not null))[1] as first_name,
         (array_agg(last_name order by made_at, instantly_lead_id) filter (where last_name is not null))[1] as last_name,
         (array_agg(job_title order by made_at, instantly_lead_id) filter (where job_title is not null))[1] as job_title,
         (array_agg(phone order by made_at, instantly_lead_id) filter (where phone is not null))[1] as phone,
         (array_agg(company_id order by made_at, instantly_lead_id) filter (where company_id is not null))[1] as company_id
    from told
   group by lead_id
),
merged as (
  select l.id,
         case when f.first_name then v.first_name else l.first_name end as first_name,
         case when f.last_name then v.last_name else l.last_name end as last_name,
         case when f.job_title then v.job_title else l.job_title end as job_title,
         case when f.phone then v.phone else l.phone end as phone,
         case when f.company_id then v.company_id else l.company_id end as company_id,
         l.derived || jsonb_build_object(
           'first_name', case when f.first_name then v.first_name else l.derived ->> 'first_name' end,
           'last_name', case when f.last_name then v.last_name else l.derived ->> 'last_name' end,
           'job_title', case when f.job_title then v.job_title else l.derived ->> 'job_title' end,
           'phone', case when f.phone then v.phone else l.derived ->> 'phone' end,
           'company_id', case when f.company_id then v.company_id::text else l.derived ->> 'company_id' end
         ) as derived
    from vendor v
    join leads l on l.id = v.lead_id
   cross join lateral (
      select touchline.follows(l.derived, 'first_name', l.first_name, null) as first_name,
             touchline.follows(l.derived, 'last_name', l.last_name, null) as last_name,
             touchline.follows(l.derived, 'job_title', l.job_title, null) as job_title,
             touchline.follows(l.derived, 'phone', l.phone, null) as phone,
             touchline.follows(l.derived, 'company_id', l.company_id::text, null) as company_id
    ) f
)
update leads l
   set first_name = m.first_name,
       last_name = m.last_name,
       job_title = m.job_title,
       phone = m.phone,
       company_id = m.company_id,
       derived = m.derived,
       updated_at = $1
  from merged m
 where l.id = m.id
   and (l.first_name, l.last_name, l.job_title, l.phone, l.company_id, l.derived)
       is distinct from (m.first_name, m.last_name, m.job_title, m.phone, m.company_id, m.derived)
