-- Touches of several people since an instant, to draw; the latest forty of each. $1 leads, $2 since
select w.lead_id,
       e.id,
       e.event_type,
       e.contact_kind,
       e.call_outcome,
       e.event_timestamp
  from unnest($1::uuid[]) w (lead_id)
 cross join lateral (
   select e.id, e.event_type, e.contact_kind, e.call_outcome, e.event_timestamp
     from events e
    where e.lead_id = w.lead_id
      and e.event_timestamp >= $2
      and e.withdrawn_at is null
      and touchline.is_touch(e.event_type)
    order by e.event_timestamp desc, e.id desc
    limit 40
 ) e
 order by w.lead_id, e.event_timestamp
