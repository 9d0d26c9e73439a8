-- Companies that are here: blanks are filled, and what was there is kept for undo. A name that only repeats the domain
-- counts as blank. $1 import, $2 now, $3 fields to overwrite, from $4 a column each
with told as materialized (
  select c.id,
         jsonb_build_object(
           'company_name', c.company_name,
           'industry', c.industry,
           'company_size', c.company_size
         ) as before,
         jsonb_build_object(
           'company_name',
           case
             when s.company_name is null or s.company_name = s.company_domain then c.company_name
             when 'company_name' = any ($3) then s.company_name
             when c.company_name is null or c.company_name = c.company_domain then s.company_name
             else c.company_name
           end,
           'industry',
           case when 'industry' = any ($3) then coalesce(s.industry, c.industry) else coalesce(c.industry, s.industry) end,
           'company_size',
           case when 'company_size' = any ($3) then coalesce(s.company_size, c.company_size) else coalesce(c.company_size, s.company_size) end
         ) as after,
         coalesce(c.apollo_data, '{}') as apollo_data,
         case
           when s.apollo_data is null then '{}'
           -- All keys are there and none is blank: the common case, and a cheap question.
           when c.apollo_data ?& array(select jsonb_object_keys(s.apollo_data)) and not c.apollo_data @? '$.* ? (@ == "")' then '{}'
           else touchline.blanks_filled(coalesce(c.apollo_data, '{}'), array[s.apollo_data])
         end as added
    from (
      select company_id,
             company_name,
             company_domain,
             industry,
             company_size,
             columns::jsonb as apollo_data
        from unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
          as said (company_id, company_name, company_domain, industry, company_size, columns)
    ) s
    join companies c on c.id = s.company_id
),
changed as materialized (
  select *
    from told
   where before <> after
      or added <> '{}'
),
logged as (
  insert into touchline.import_changes (import_id, entity, record_id, before, after)
  select $1,
         'company',
         c.id,
         d.before || case when c.added = '{}' then '{}' else jsonb_build_object('apollo_data', d.old_keys) end,
         d.after || case when c.added = '{}' then '{}' else jsonb_build_object('apollo_data', c.added) end
    from changed c
   cross join lateral (
     select coalesce(jsonb_object_agg(a.key, c.before -> a.key) filter (where c.before -> a.key <> a.value), '{}') as before,
            coalesce(jsonb_object_agg(a.key, a.value) filter (where c.before -> a.key <> a.value), '{}') as after,
            (select coalesce(jsonb_object_agg(k, c.apollo_data -> k) filter (where c.apollo_data ? k), '{}') from jsonb_object_keys(c.added) k) as old_keys
       from jsonb_each(c.after) a
   ) d
)
update companies
   set company_name = changed.after ->> 'company_name',
       industry = changed.after ->> 'industry',
       company_size = changed.after ->> 'company_size',
       apollo_data = case when changed.added = '{}' then companies.apollo_data else changed.apollo_data || changed.added end,
       updated_at = $2
  from changed
 where companies.id = changed.id
returning companies.id
