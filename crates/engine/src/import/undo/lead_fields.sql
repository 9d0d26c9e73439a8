-- Fields of leads that were there before the import. A field that holds what the
-- import wrote gets back what it held before; another value was written since and stays. $1 import, $2 now
with changes as (
  select record_id, before, after
    from touchline.import_changes
   where import_id = $1
     and entity = 'lead'
),
fields as materialized (
  select c.record_id,
         a.key,
         c.before -> a.key as before,
         jsonb_build_object(
           'first_name', t.first_name,
           'last_name', t.last_name,
           'email', t.email,
           'job_title', t.job_title,
           'seniority', t.seniority,
           'phone', t.phone,
           'linkedin_url', t.linkedin_url,
           'company_id', t.company_id
         ) -> a.key = a.value as stands
    from changes c
   cross join jsonb_each(c.after) as a (key, value)
    join leads t on t.id = c.record_id
   where a.key not in ('apollo_data', 'identities')
),
columns as materialized (
  select c.record_id,
         a.key,
         c.before -> 'apollo_data' -> a.key as before,
         t.apollo_data -> a.key = a.value as stands
    from changes c
   cross join jsonb_each(c.after -> 'apollo_data') as a (key, value)
    join leads t on t.id = c.record_id
),
due as (
  select record_id,
         coalesce((select jsonb_object_agg(f.key, f.before) from fields f where f.record_id = r.record_id and f.stands), '{}') as fields,
         coalesce((select array_agg(k.key) from columns k where k.record_id = r.record_id and k.stands), '{}') as dropped,
         coalesce((select jsonb_object_agg(k.key, k.before) filter (where k.before is not null) from columns k where k.record_id = r.record_id and k.stands), '{}') as restored
    from (select distinct record_id from changes) r
),
written as (
  update leads t
     set first_name = case when d.fields ? 'first_name' then d.fields ->> 'first_name' else t.first_name end,
         last_name = case when d.fields ? 'last_name' then d.fields ->> 'last_name' else t.last_name end,
         email = case when d.fields ? 'email' then d.fields ->> 'email' else t.email end,
         job_title = case when d.fields ? 'job_title' then d.fields ->> 'job_title' else t.job_title end,
         seniority = case when d.fields ? 'seniority' then d.fields ->> 'seniority' else t.seniority end,
         phone = case when d.fields ? 'phone' then d.fields ->> 'phone' else t.phone end,
         linkedin_url = case when d.fields ? 'linkedin_url' then d.fields ->> 'linkedin_url' else t.linkedin_url end,
         company_id = case when d.fields ? 'company_id' then (d.fields ->> 'company_id')::uuid else t.company_id end,
         apollo_data = case when d.dropped = '{}' then t.apollo_data else nullif((t.apollo_data - d.dropped) || d.restored, '{}') end,
         updated_at = $2
    from due d
   where t.id = d.record_id
     and (d.fields <> '{}' or d.dropped <> '{}')
)
select (select count(*) from fields where stands) + (select count(*) from columns where stands),
       (select count(*) from fields where not coalesce(stands, false)) + (select count(*) from columns where not coalesce(stands, false))
