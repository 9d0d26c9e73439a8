-- Day by day: what we sent and what came back, by channel. $1 people or touches, $2 first and $3 last day, $4 only this
-- campaign, $5 only this offer, $6 only this channel (null: all)
with counted as (
  select f.reached_on as on_day, f.channel, f.stage, f.people as number
    from touchline.funnel_people f
    left join campaigns c on c.id = f.campaign_id
   where $1 = 'people'
     and f.channel <> 'any'
     and case
           when $4::uuid is not null then f.campaign_id = $4
           when $5::uuid is not null then c.offer_id = $5
           else f.campaign_id is null
         end
  union all
  select f.touched_on, f.channel, f.stage, f.touches
    from touchline.funnel_touches f
    left join campaigns c on c.id = f.campaign_id
   where $1 = 'touches'
     and ($4::uuid is null or f.campaign_id = $4)
     and ($5::uuid is null or c.offer_id = $5)
)
select on_day,
       channel,
       coalesce(sum(number) filter (where stage = 'contacted'), 0)::bigint as contacted,
       coalesce(sum(number) filter (where stage = 'answered'), 0)::bigint as answered
  from counted
 where stage in ('contacted', 'answered')
   and ($2::date is null or on_day >= $2)
   and ($3::date is null or on_day <= $3)
   and ($6::text is null or channel = $6)
 group by on_day, channel
having sum(number) > 0
 order by on_day, channel
