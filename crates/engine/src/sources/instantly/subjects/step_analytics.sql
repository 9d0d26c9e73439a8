-- Whom to ask for counters per step: each campaign that has sent. $1 when the walk began, $2 today (unused)
select c.instantly_campaign_id as subject,
       null::date as first_day,
       null::date as last_day
  from instantly_campaigns_raw c
  left join touchline.subjects s
    on s.source = 'instantly'
   and s.stream = 'step_analytics'
   and s.subject = c.instantly_campaign_id
 where c.gone_at is null
   and coalesce(s.done_at, '-infinity') < $1
   and $2::date is not null
 order by c.instantly_campaign_id
