-- Puts everybody of an action on the list: the same rows as a person's word about one of them makes (suppressions/add.sql).
-- $1 action, $2 channel, $3 reason, $4 note, $5 who, $6 now
with meant as materialized (
  select l.id as lead_id,
         concat_ws(':', 'manual', 'lead:' || l.id, $2::text, $3::text, 'person') as natural_key,
         gen_random_uuid() as suppression_id,
         gen_random_uuid() as event_id
    from touchline.bulk_leads b
    join leads l on l.id = b.lead_id
   where b.action_id = $1
   order by l.id
     for no key update of l
),
fresh as materialized (
  select m.*
    from meant m
   where not exists (select from suppressions s where s.natural_key = m.natural_key and s.lifted_at is null)
),
told as (
  insert into events (
    id, event_source, event_type, lead_id, event_timestamp, note_text, stops, performed_by, natural_key, contact_kind, observed_at,
    created_at, updated_at
  )
  select f.event_id,
         'manual',
         'suppressed',
         f.lead_id,
         $6::timestamptz,
         concat_ws(': ', replace($3, '_', ' '), $4::text),
         case when $2 = 'all' then true end,
         $5::uuid,
         'manual:suppression:' || f.suppression_id,
         'email',
         $6,
         $6,
         $6
    from fresh f
  returning id
),
added as (
  insert into suppressions as s (
    id, lead_id, channel, reason, scope, evidence_event_id, note, source, performed_by, natural_key, suppressed_at, created_at, updated_at
  )
  select f.suppression_id,
         f.lead_id,
         $2,
         $3,
         'person',
         t.id,
         $4,
         'manual',
         $5,
         f.natural_key,
         $6,
         $6,
         $6
    from fresh f
    join told t on t.id = f.event_id
      on conflict (natural_key) do update
     set evidence_event_id = excluded.evidence_event_id,
         note = excluded.note,
         performed_by = excluded.performed_by,
         suppressed_at = excluded.suppressed_at,
         lifted_at = null,
         lifted_by = null,
         lifted_why = null,
         updated_at = excluded.updated_at
  returning s.lead_id
)
update touchline.bulk_leads b
   set verdict = case when a.lead_id is null then 'same' else 'changed' end,
       why = case when a.lead_id is null then 'on the list already' end,
       event_id = case when a.lead_id is not null then m.event_id end
  from meant m
  left join added a on a.lead_id = m.lead_id
 where b.action_id = $1
   and b.lead_id = m.lead_id
