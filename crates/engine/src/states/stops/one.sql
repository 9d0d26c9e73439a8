-- One receipt. $1 id
select r.id,
       s.lead_id,
       nullif(concat_ws(' ', l.first_name, l.last_name), '') as full_name,
       l.email,
       s.reason,
       coalesce(rule.words, replace(s.reason, '_', ' ')) as words,
       s.event_id,
       s.since,
       r.target_kind,
       r.target_id,
       r.campaign_id,
       c.campaign_name,
       r.contact_address,
       r.state,
       r.asked_at,
       r.told_at,
       r.answered_at,
       r.milliseconds,
       r.answer,
       r.attempts
  from touchline.stop_receipts r
  join touchline.stops s on s.id = r.stop_id
  join leads l on l.id = s.lead_id
  left join touchline.stop_rules rule using (reason)
  left join campaigns c on c.id = r.campaign_id
 where r.id = $1
