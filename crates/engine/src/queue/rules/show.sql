-- The rules of a campaign by channel, or the default ones. $1 campaign, null: the default
select c.id as campaign_id,
       c.campaign_name,
       d.channel,
       coalesce(r.after_days, d.after_days) as after_days,
       coalesce(r.between_days, d.between_days) as between_days,
       coalesce(r.max_attempts, d.max_attempts) as max_attempts,
       coalesce(r.daily_limit, d.daily_limit) as daily_limit,
       coalesce(r.opens_at, d.opens_at) as opens_at,
       coalesce(r.closes_at, d.closes_at) as closes_at,
       coalesce(r.weekdays, d.weekdays) as weekdays,
       array_remove(
         array[
           case when r.after_days is not null then 'after_days' end,
           case when r.between_days is not null then 'between_days' end,
           case when r.max_attempts is not null then 'max_attempts' end,
           case when r.daily_limit is not null then 'daily_limit' end,
           case when r.opens_at is not null then 'hours' end,
           case when r.weekdays is not null then 'weekdays' end
         ],
         null
       ) as own
  from campaign_rules d
  left join campaigns c on c.id = $1::uuid
  left join campaign_rules r
    on r.campaign_id = c.id
   and r.channel = d.channel
 where d.campaign_id is null
   and ($1 is null or c.id is not null)
 order by d.channel
