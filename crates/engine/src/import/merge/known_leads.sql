-- People who are here, and further rows of new ones: blanks are filled, nothing else is touched unless asked, and what
-- was there is kept for undo. Never lead_status. $1 import, $2 now, $3 fields to overwrite; rows: $4 leads, $5 positions,
-- $6 original columns; people who are here: $7 whose fields may be overwritten, from $8 a column each
with further as materialized (
  select lead_id,
         array_agg(item::jsonb order by position) as items
    from unnest($4::uuid[], $5::integer[], $6::text[]) as further (lead_id, position, item)
   group by lead_id
),
person as materialized (
  select *
    from unnest($7::boolean[], $8::uuid[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::uuid[])
      as person (overwrites, lead_id, first_name, last_name, email, job_title, seniority, phone, linkedin_url, company_id)
),
told as materialized (
  select l.id,
         p.lead_id is not null as is_known,
         jsonb_build_object(
           'first_name', l.first_name,
           'last_name', l.last_name,
           'email', l.email,
           'job_title', l.job_title,
           'seniority', l.seniority,
           'phone', l.phone,
           'linkedin_url', l.linkedin_url,
           'company_id', l.company_id
         ) as before,
         jsonb_build_object(
           'first_name', case when p.overwrites and 'first_name' = any ($3) then coalesce(p.first_name, l.first_name) else coalesce(l.first_name, p.first_name) end,
           'last_name', case when p.overwrites and 'last_name' = any ($3) then coalesce(p.last_name, l.last_name) else coalesce(l.last_name, p.last_name) end,
           'email', coalesce(l.email, p.email),
           'job_title', case when p.overwrites and 'job_title' = any ($3) then coalesce(p.job_title, l.job_title) else coalesce(l.job_title, p.job_title) end,
           'seniority', case when p.overwrites and 'seniority' = any ($3) then coalesce(p.seniority, l.seniority) else coalesce(l.seniority, p.seniority) end,
           'phone', case when p.overwrites and 'phone' = any ($3) then coalesce(p.phone, l.phone) else coalesce(l.phone, p.phone) end,
           'linkedin_url', case when p.overwrites and 'linkedin_url' = any ($3) then coalesce(p.linkedin_url, l.linkedin_url) else coalesce(l.linkedin_url, p.linkedin_url) end,
           'company_id', case when p.overwrites and 'company_name' = any ($3) then coalesce(p.company_id, l.company_id) else coalesce(l.company_id, p.company_id) end
         ) as after,
         coalesce(l.apollo_data, '{}') as apollo_data,
         case
           when l.apollo_data @> all (f.items) then '{}'
           else touchline.blanks_filled(coalesce(l.apollo_data, '{}'), f.items)
         end as added
    from further f
    join leads l on l.id = f.lead_id
    left join person p on p.lead_id = f.lead_id
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
         'lead',
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
   where c.is_known
)
update leads
   set first_name = changed.after ->> 'first_name',
       last_name = changed.after ->> 'last_name',
       email = changed.after ->> 'email',
       job_title = changed.after ->> 'job_title',
       seniority = changed.after ->> 'seniority',
       phone = changed.after ->> 'phone',
       linkedin_url = changed.after ->> 'linkedin_url',
       company_id = (changed.after ->> 'company_id')::uuid,
       apollo_data = case when changed.added = '{}' then leads.apollo_data else changed.apollo_data || changed.added end,
       updated_at = $2
  from changed
 where leads.id = changed.id
returning leads.id
