-- Fields of companies that were there before the import. A field that holds what the
-- import wrote gets back what it held before; another value was written since and stays. $1 import, $2 now
with changes as (
  select record_id, before, after
    from touchline.import_changes
   where import_id = $1
     and entity = 'company'
),
fields as materialized (
  select c.record_id,
         a.key,
         c.before -> a.key as before,
         jsonb_build_object(
           'company_name', t.company_name,
           'industry', t.industry,
           'company_size', t.company_size
         ) -> a.key = a.value as stands
    from changes c
   cross join jsonb_each(c.after) as a (key, value)
    join companies t on t.id = c.record_id
   where a.key not in ('apollo_data', 'identities')
),
columns as materialized (
  select c.record_id,
         a.key,
         c.before -> 'apollo_data' -> a.key as before,
         t.apollo_data -> a.key = a.value as stands
    from changes c
   cross join jsonb_each(c.after -> 'apollo_data') as a (key, value)
    join companies t on t.id = c.record_id
),
due as (
  select record_id,
         coalesce((select jsonb_object_agg(f.key, f.before) from fields f where f.record_id = r.record_id and f.stands), '{}') as fields,
         coalesce((select array_agg(k.key) from columns k where k.record_id = r.record_id and k.stands), '{}') as dropped,
         coalesce((select jsonb_object_agg(k.key, k.before) filter (where k.before is not null) from columns k where k.record_id = r.record_id and k.stands), '{}') as restored
    from (select distinct record_id from changes) r
),
written as (
  update companies t
     set company_name = case when d.fields ? 'company_name' then d.fields ->> 'company_name' else t.company_name end,
         industry = case when d.fields ? 'industry' then d.fields ->> 'industry' else t.industry end,
         company_size = case when d.fields ? 'company_size' then d.fields ->> 'company_size' else t.company_size end,
         apollo_data = case when d.dropped = '{}' then t.apollo_data else nullif((t.apollo_data - d.dropped) || d.restored, '{}') end,
         updated_at = $2
    from due d
   where t.id = d.record_id
     and (d.fields <> '{}' or d.dropped <> '{}')
)
select (select count(*) from fields where stands) + (select count(*) from columns where stands),
       (select count(*) from fields where not coalesce(stands, false)) + (select count(*) from columns where not coalesce(stands, false))
