-- What an import learned of people who were here before: undo has to know. $1 kinds, $2 values, $3 leads, $4 import
insert into touchline.import_changes (import_id, entity, record_id, before, after)
select $4,
       'lead',
       lead_id,
       '{}',
       jsonb_build_object('identities', jsonb_agg(jsonb_build_array(identity_kind, identity_value)))
  from unnest($1::text[], $2::text[], $3::uuid[]) as learned (identity_kind, identity_value, lead_id)
 group by lead_id
