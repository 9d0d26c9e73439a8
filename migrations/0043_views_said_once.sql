-- What several lists ask for is said once.

create view touchline.stop_receipts_in_words as
select r.id,
       s.lead_id,
       nullif(concat_ws(' ', l.first_name, l.last_name), '') as full_name,
       l.email,
       s.reason,
       coalesce(rule.words, replace(s.reason, '_', ' ')) as words,
       s.event_id,
       s.since,
       s.ended_at,
       r.target_kind,
       r.target_id,
       r.campaign_id,
       c.campaign_name,
       r.contact_address,
       r.state,
       r.state in ('waiting', 'failed', 'unknown') as is_red,
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
  left join campaigns c on c.id = r.campaign_id;
comment on view touchline.stop_receipts_in_words is 'Receipts of stops with whom they are about, why, and which campaign, by name.';
comment on column touchline.stop_receipts_in_words.is_red is 'Not acknowledged.';

create view touchline.stops_by_channel as
select distinct on (s.lead_id, c.channel)
       s.lead_id,
       c.channel,
       s.kind,
       s.reason,
       s.since
  from lead_stops s
 cross join lateral unnest(case s.channel when 'all' then array['email', 'call', 'linkedin'] else array[s.channel] end) as c (channel)
 -- what stops everything stands on the enrollment, which may go on in spite of it
 where s.kind = 'suppressed'
    or s.channel <> 'all'
 order by s.lead_id, c.channel, s.kind = 'suppressed' desc, s.since;
comment on view touchline.stops_by_channel is 'What is against a call, a mail or a message to a person: one reason a channel, a suppression first. Stops of whole enrollments stand there.';
