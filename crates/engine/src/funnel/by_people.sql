-- People by the day they first reached a stage, grouped. $1 campaign, offer, channel or week, $2 first and $3 last day
-- (null: open), $4 only this campaign, $5 only this offer, $6 only this channel (null: all)
with chosen as (
  select f.*,
         c.campaign_name,
         c.offer_id,
         o.offer_name
    from touchline.funnel_people f
    left join campaigns c on c.id = f.campaign_id
    left join offers o on o.id = c.offer_id
   where ($2::date is null or f.reached_on >= $2)
     and ($3::date is null or f.reached_on <= $3)
     and f.channel = case when $1 = 'channel' then coalesce($6, f.channel) else coalesce($6, 'any') end
     and ($1 <> 'channel' or f.channel <> 'any')
     -- over everything a person counts once, however many campaigns they are in
     and case
           when $4::uuid is not null then f.campaign_id = $4
           when $5::uuid is not null then c.offer_id = $5
           when $1 in ('campaign', 'offer') then f.campaign_id is not null
           else f.campaign_id is null
         end
)
select case $1
         when 'campaign' then campaign_id::text
         when 'offer' then offer_id::text
         when 'channel' then channel
         when 'week' then date_trunc('week', reached_on)::date::text
       end as key,
       case $1
         when 'campaign' then min(campaign_name)
         when 'offer' then coalesce(min(offer_name), 'No offer')
         when 'channel' then min(channel)
         when 'week' then date_trunc('week', min(reached_on))::date::text
       end as label,
       coalesce(sum(people) filter (where stage = 'contacted'), 0)::bigint as contacted,
       coalesce(sum(people) filter (where stage = 'bounced'), 0)::bigint as bounced,
       coalesce(sum(people) filter (where stage = 'delivered'), 0)::bigint as delivered,
       coalesce(sum(people) filter (where stage = 'opened'), 0)::bigint as opened,
       coalesce(sum(people) filter (where stage = 'answered'), 0)::bigint as answered,
       coalesce(sum(people) filter (where stage = 'positive'), 0)::bigint as positive,
       coalesce(sum(people) filter (where stage = 'meeting'), 0)::bigint as meeting,
       coalesce(sum(people) filter (where stage = 'converted'), 0)::bigint as converted
  from chosen
 group by 1
 order by case when $1 = 'week' then 1 end, contacted desc, label, key
