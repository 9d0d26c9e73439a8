-- The events behind a figure of touches, newest first. $1 stage, $2 first and $3 last day, $4 only this campaign, $5 only
-- this offer, $6 only this channel, $7 only this step (null: all), $8 only what has none of what is grouped by: campaign,
-- offer or step, $9 and $10 last row of the page before, $11 how many
select t.id,
       t.event_timestamp,
       t.channel,
       t.sequence_step,
       t.lead_id,
       e.event_type,
       coalesce(l.email, e.contact_address) as address,
       nullif(concat_ws(' ', l.first_name, l.last_name), '') as full_name,
       c.campaign_name
  from touchline.counted_touches t
  join events e on e.id = t.id
  left join leads l on l.id = t.lead_id
  left join campaigns c on c.id = t.campaign_id
 where t.stage = $1
   and ($2::date is null or t.event_timestamp >= $2::timestamp at time zone (select touchline.time_zone()))
   and ($3::date is null or t.event_timestamp < ($3 + 1)::timestamp at time zone (select touchline.time_zone()))
   and ($4::uuid is null or t.campaign_id = $4)
   and ($5::uuid is null or c.offer_id = $5)
   and ($6::text is null or t.channel = $6)
   and ($7::integer is null or t.sequence_step = $7)
   and case $8::text
         when 'campaign' then t.campaign_id is null
         when 'offer' then c.offer_id is null
         when 'step' then t.sequence_step is null
         else true
       end
   and ($9::timestamptz is null or (t.event_timestamp, t.id) < ($9, $10::uuid))
 order by t.event_timestamp desc, t.id desc
 limit $11
