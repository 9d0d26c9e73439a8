-- What people are known by from now on; for people who were here before, undo has to know. $1 kinds, $2 values, $3 leads,
-- $4 now, $5 import
with learned as materialized (
  select *
    from unnest($1::text[], $2::text[], $3::uuid[]) as a (identity_kind, identity_value, lead_id)
),
logged as (
  insert into touchline.import_changes (import_id, entity, record_id, before, after)
  select $5,
         'lead',
         l.lead_id,
         '{}',
         jsonb_build_object('identities', jsonb_agg(jsonb_build_array(l.identity_kind, l.identity_value)))
    from learned l
   where not exists (select from import_people p where p.lead_id = l.lead_id and p.is_new)
   group by l.lead_id
)
insert into lead_identities (identity_kind, identity_value, lead_id, created_at)
select identity_kind,
       identity_value,
       lead_id,
       $4
  from learned
