-- One decision, and whom it is about. $1 its id
select q.id,
       q.item,
       q.decision,
       q.until,
       q.note,
       q.outcome,
       q.lead_id,
       coalesce(nullif(concat_ws(' ', l.first_name, l.last_name), ''), l.email, e.contact_address) as who,
       q.touch_id,
       q.decided_at,
       q.taken_back_at
  from queue_decisions q
  left join leads l on l.id = q.lead_id
  left join events e on e.id = q.touch_id
 where q.id = $1
