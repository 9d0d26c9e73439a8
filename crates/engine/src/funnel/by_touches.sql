-- Touches by the day they happened, grouped. $1 campaign, offer, step, channel or week, $2 first and $3 last day (null:
-- open), $4 only this campaign, $5 only this offer, $6 only this channel (null: all)
with chosen as (
  select f.*,
         c.campaign_name,
         c.offer_id,
         o.offer_name
    from touchline.funnel_touches f
    left join campaigns c on c.id = f.campaign_id
    left join offers o on o.id = c.offer_id
   where ($2::date is null or f.touched_on >= $2)
     and ($3::date is null or f.touched_on <= $3)
     and ($4::uuid is null or f.campaign_id = $4)
     and ($5::uuid is null or c.offer_id = $5)
     and ($6::text is null or f.channel = $6)
)
select case $1
         when 'campaign' then campaign_id::text
         when 'offer' then offer_id::text
         when 'step' then sequence_step::text
         when 'channel' then channel
         when 'week' then date_trunc('week', touched_on)::date::text
       end as key,
       case $1
         when 'campaign' then coalesce(min(campaign_name), 'No campaign')
         when 'offer' then coalesce(min(offer_name), 'No offer')
         when 'step' then coalesce('Step ' || min(sequence_step), 'No step')
         when 'channel' then min(channel)
         when 'week' then date_trunc('week', min(touched_on))::date::text
       end as label,
       coalesce(sum(touches) filter (where stage = 'contacted'), 0)::bigint as contacted,
       coalesce(sum(touches) filter (where stage = 'bounced'), 0)::bigint as bounced,
       coalesce(sum(touches) filter (where stage = 'delivered'), 0)::bigint as delivered,
       coalesce(sum(touches) filter (where stage = 'opened'), 0)::bigint as opened,
       coalesce(sum(touches) filter (where stage = 'answered'), 0)::bigint as answered,
       coalesce(sum(touches) filter (where stage = 'positive'), 0)::bigint as positive,
       coalesce(sum(touches) filter (where stage = 'meeting'), 0)::bigint as meeting,
       coalesce(sum(touches) filter (where stage = 'converted'), 0)::bigint as converted
  from chosen
 group by 1
 order by case when $1 = 'week' then 1 end, contacted desc, label, key
