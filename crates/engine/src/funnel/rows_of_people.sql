-- The people behind a figure, each with the event by which they first reached the stage, newest first. $1 stage, $2 first
-- and $3 last day, $4 only this campaign, $5 only this offer, $6 only this channel (null: all), $7 by campaign: what is
-- in campaigns; $8 and $9 last row of the page before, $10 how many
with people as (
  select r.lead_id,
         r.campaign_id,
         r.channel,
         case $1
           when 'contacted' then r.contacted_on
           when 'bounced' then r.bounced_on
           when 'delivered' then case when r.bounced_on is null then r.contacted_on end
           when 'opened' then r.opened_on
           when 'answered' then r.answered_on
           when 'positive' then r.positive_on
           when 'meeting' then r.meeting_on
           when 'converted' then r.converted_on
         end as reached_on
    from touchline.reached r
    left join campaigns c on c.id = r.campaign_id
   where r.channel = coalesce($6, 'any')
     and case
           when $4::uuid is not null then r.campaign_id = $4
           when $5::uuid is not null then c.offer_id = $5
           when $7::boolean then r.campaign_id is not null and c.offer_id is null
           else r.campaign_id is null
         end
)
select first.id,
       first.event_timestamp,
       first.channel,
       first.sequence_step,
       p.lead_id,
       e.event_type,
       coalesce(l.email, e.contact_address) as address,
       nullif(concat_ws(' ', l.first_name, l.last_name), '') as full_name,
       c.campaign_name
  from people p
 cross join lateral (
   select t.*
     from touchline.counted_touches t
    where t.lead_id = p.lead_id
      and t.stage = case $1 when 'delivered' then 'contacted' else $1 end
      and (p.campaign_id is null or t.campaign_id = p.campaign_id)
      and (p.channel = 'any' or t.channel = p.channel)
    order by t.event_timestamp, t.id
    limit 1
 ) first
  join events e on e.id = first.id
  join leads l on l.id = p.lead_id
  left join campaigns c on c.id = first.campaign_id
 where p.reached_on is not null
   and ($2::date is null or p.reached_on >= $2)
   and ($3::date is null or p.reached_on <= $3)
   and ($8::timestamptz is null or (first.event_timestamp, first.id) < ($8, $9::uuid))
 order by first.event_timestamp desc, first.id desc
 limit $10
