-- What stops the touched: their events, what vendors' records say where no event does, and what colleagues said where
-- the whole company stops. For the steps that follow. $1 now
with told as (
  select s.lead_id,
         s.campaign_id,
         s.event_id,
         s.reason,
         s.event_timestamp as happened_at,
         s.observed_at,
         s.natural_key as signal_key,
         s.event_source as source
    from touched_leads t
    join touchline.stop_signals s using (lead_id)
  union all
  select v.lead_id,
         v.campaign_id,
         null,
         record.reason,
         record.happened_at,
         record.happened_at,
         v.source || ':record:' || record.reason,
         v.source
    from vendor_standings v
   cross join lateral (
     values
       (case when v.unsubscribed then 'opt_out' end, v.told_at),
       (case when v.bounced then 'hard_bounce' end, v.told_at),
       (case v.interest
          when 1 then 'reply'
          when 2 then 'meeting'
          when 3 then 'meeting'
          when 4 then 'won'
          when -1 then 'not_interested'
          when -2 then 'wrong_person'
          when -3 then 'lost'
        end, coalesce(v.interest_at, v.told_at)),
       -- the vendor's counter stands in where no message can be seen; what a machine wrote is seen, and is no answer
       (case
          when not exists (
            select from events e
             where e.lead_id = v.lead_id
               and e.campaign_id = v.campaign_id
               and e.event_type in ('email_replied', 'email_received', 'email_auto_replied')
          ) then 'reply'
        end, v.replied_at)
   ) as record (reason, happened_at)
   where record.reason is not null
     and record.happened_at is not null
)
insert into signals (lead_id, campaign_id, event_id, reason, happened_at, observed_at, signal_key, source, own)
select lead_id, campaign_id, event_id, reason, happened_at, observed_at, signal_key, source, true
  from told
 where $1::timestamptz is not null
union all
select t.lead_id,
       s.campaign_id,
       s.event_id,
       s.reason,
       s.event_timestamp,
       s.observed_at,
       s.natural_key,
       s.event_source,
       false
  from touched_leads t
  join leads l on l.id = t.lead_id
  join leads colleague on colleague.company_id = l.company_id and colleague.id <> l.id
  join touchline.stop_signals s on s.lead_id = colleague.id
  join touchline.stop_rules r on r.reason = s.reason and r.scope <> 'address'
 where exists (select from touchline.settings where name = 'stop_company' and value = 'true')
    or exists (
      select from campaign_leads m
        join campaigns c on c.id = m.campaign_id
       where m.lead_id = l.id
         and c.stops_company
    )
