-- Takes the events back that told of an action, and lifts what rested on them. $1 action, $2 who, $3 now
with withdrawn as (
  update events e
     set withdrawn_at = $3::timestamptz,
         withdrawn_by = $2::uuid,
         updated_at = $3
    from touchline.bulk_leads b
   where b.action_id = $1
     and e.id = b.event_id
     and e.withdrawn_at is null
  returning e.id
)
update suppressions s
   set lifted_at = $3,
       lifted_by = $2,
       lifted_why = 'the action on many that it came from was taken back',
       updated_at = $3
  from withdrawn w
 where s.evidence_event_id = w.id
   and s.lifted_at is null
