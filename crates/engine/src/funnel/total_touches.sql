-- Touches over the whole selection. $1 first and $2 last day, $3 only this campaign, $4 only this offer, $5 only this
-- channel (null: all)
select coalesce(sum(touches) filter (where stage = 'contacted'), 0)::bigint as contacted,
       coalesce(sum(touches) filter (where stage = 'bounced'), 0)::bigint as bounced,
       coalesce(sum(touches) filter (where stage = 'delivered'), 0)::bigint as delivered,
       coalesce(sum(touches) filter (where stage = 'opened'), 0)::bigint as opened,
       coalesce(sum(touches) filter (where stage = 'answered'), 0)::bigint as answered,
       coalesce(sum(touches) filter (where stage = 'positive'), 0)::bigint as positive,
       coalesce(sum(touches) filter (where stage = 'meeting'), 0)::bigint as meeting,
       coalesce(sum(touches) filter (where stage = 'converted'), 0)::bigint as converted
  from touchline.funnel_touches f
  left join campaigns c on c.id = f.campaign_id
 where ($1::date is null or f.touched_on >= $1)
   and ($2::date is null or f.touched_on <= $2)
   and ($3::uuid is null or f.campaign_id = $3)
   and ($4::uuid is null or c.offer_id = $4)
   and ($5::text is null or f.channel = $5)
