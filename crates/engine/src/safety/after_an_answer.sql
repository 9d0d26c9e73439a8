-- What went out by itself after the person had answered, on whatever channel: the first such touch of each campaign and
-- channel. $1 how many
with answers as materialized (
  select distinct on (s.lead_id)
         s.lead_id,
         s.event_id,
         s.event_timestamp,
         s.observed_at,
         s.reason
    from touchline.stop_signals s
    join touchline.stop_rules r using (reason)
   where s.lead_id is not null
     and r.stops <> 'nothing'
   order by s.lead_id, s.event_timestamp, s.event_id
),
late as (
  select distinct on (o.lead_id, o.campaign_id, o.channel)
         o.*,
         a.event_id as answer_id,
         a.event_timestamp as answered_at,
         a.observed_at as answer_known_at,
         a.reason
    from answers a
    join touchline.outgoing_touches o
      on o.lead_id = a.lead_id
     and o.event_timestamp > a.event_timestamp
     and o.event_id <> a.event_id
   where not o.by_hand
   order by o.lead_id, o.campaign_id, o.channel, o.event_timestamp, o.event_id
)
select t.lead_id,
       nullif(concat_ws(' ', l.first_name, l.last_name), '') as full_name,
       l.email,
       t.channel,
       c.campaign_name,
       t.event_id,
       t.event_timestamp,
       t.answer_id as evidence_event_id,
       null::uuid as suppression_id,
       case when r.words like 'the %' then '' else 'the person ' end || coalesce(r.words, replace(t.reason, '_', ' ')) as evidence,
       t.answered_at as evidence_at,
       case
         when t.event_timestamp <= t.answered_at + interval '5 minutes' then 'the two crossed within five minutes'
         when m.resumed_at between t.answered_at and t.event_timestamp then 'a person let it go on in between'
         when m.enrolled_at between t.answered_at and t.event_timestamp then 'the person was put into this campaign after the answer'
       end as explanation
  from late t
  join leads l on l.id = t.lead_id
  left join campaigns c on c.id = t.campaign_id
  left join campaign_leads m on m.lead_id = t.lead_id and m.campaign_id = t.campaign_id
  left join touchline.stop_rules r using (reason)
 order by t.event_timestamp desc, t.event_id
 limit $1
