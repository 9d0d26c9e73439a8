-- Touches since an instant, to draw them on a line; what came back has its name. The newest of each, some hundreds. $1 since
(
  select e.id, e.event_type, e.contact_kind, e.call_outcome, e.event_timestamp, e.lead_id, null as who
    from events e
   where e.event_timestamp >= $1
     and e.withdrawn_at is null
     and touchline.is_touch(e.event_type)
     and not touchline.is_answer(e.event_type, e.call_outcome)
   order by e.event_timestamp desc
   limit 400
)
union all
(
  select e.id, e.event_type, e.contact_kind, e.call_outcome, e.event_timestamp, e.lead_id, coalesce(nullif(concat_ws(' ', l.first_name, l.last_name), ''), l.email, e.contact_address)
    from events e
    left join leads l on l.id = e.lead_id
   where e.event_timestamp >= $1
     and e.withdrawn_at is null
     and touchline.is_answer(e.event_type, e.call_outcome)
   order by e.event_timestamp desc
   limit 100
)
 order by event_timestamp
