-- A page of receipts: red first, then the newest. $1 acknowledged ones, too, $2 lead, $3 to $5 the last row of the page
-- before (whether it was red, when it was asked for, its id), $6 how many
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
 where ($1::boolean or r.state in ('waiting', 'failed', 'unknown'))
   and ($2::uuid is null or s.lead_id = $2)
   and ($3::boolean is null or (r.state in ('waiting', 'failed', 'unknown'), r.asked_at, r.id) < ($3, $4::timestamptz, $5::uuid))
 order by r.state in ('waiting', 'failed', 'unknown') desc, r.asked_at desc, r.id desc
 limit $6
