-- People over the whole selection, each once: over one campaign, else over everything; of an offer the sum of its
-- campaigns. $1 first and $2 last day, $3 only this campaign, $4 only this offer, $5 only this channel (null: all)
select coalesce(sum(people) filter (where stage = 'contacted'), 0)::bigint as contacted,
       coalesce(sum(people) filter (where stage = 'bounced'), 0)::bigint as bounced,
       coalesce(sum(people) filter (where stage = 'delivered'), 0)::bigint as delivered,
       coalesce(sum(people) filter (where stage = 'opened'), 0)::bigint as opened,
       coalesce(sum(people) filter (where stage = 'answered'), 0)::bigint as answered,
       coalesce(sum(people) filter (where stage = 'positive'), 0)::bigint as positive,
       coalesce(sum(people) filter (where stage = 'meeting'), 0)::bigint as meeting,
       coalesce(sum(people) filter (where stage = 'converted'), 0)::bigint as converted
  from touchline.funnel_people f
  left join campaigns c on c.id = f.campaign_id
 where ($1::date is null or f.reached_on >= $1)
   and ($2::date is null or f.reached_on <= $2)
   and f.channel = coalesce($5, 'any')
   and case
         when $3::uuid is not null then f.campaign_id = $3
         when $4::uuid is not null then c.offer_id = $4
         else f.campaign_id is null
       end
