-- Sets the status of everybody of an action, and tells it on their timelines. $1 action, $2 status, $3 who, $4 now
with meant as materialized (
  select l.id,
         l.lead_status,
         gen_random_uuid() as event_id
    from touchline.bulk_leads b
    join leads l on l.id = b.lead_id
   where b.action_id = $1
   order by l.id
     for no key update of l
),
changed as (
  update leads l
     set lead_status = $2,
         updated_at = $4::timestamptz
    from meant m
   where l.id = m.id
     and m.lead_status <> $2
  returning l.id
),
told as (
  insert into events (
    id, event_source, event_type, lead_id, event_timestamp, note_text, performed_by, natural_key, observed_at, created_at, updated_at
  )
  select m.event_id,
         'manual',
         'status_changed',
         m.id,
         $4,
         m.lead_status || ' → ' || $2,
         $3::uuid,
         'manual:bulk:' || $1::uuid || ':' || m.id,
         $4,
         $4,
         $4
    from meant m
   where m.id in (select id from changed)
  returning id
)
update touchline.bulk_leads b
   set verdict = case when m.lead_status <> $2 then 'changed' else 'same' end,
       status_was = case when m.lead_status <> $2 then m.lead_status end,
       event_id = t.id
  from meant m
  left join told t on t.id = m.event_id
 where b.action_id = $1
   and b.lead_id = m.id
