-- Whom to ask for daily counters, and from which day. Each campaign that has sent, and (empty) the workspace.
-- Trailing 30 days each time; the whole series where it was never read, or where the lifetime counters have moved
-- since: late replies and restated days reach far back and no bound is known.
-- $1 when the walk began, $2 today (UTC)
with campaigns as (
  select c.instantly_campaign_id as subject,
         c.synced_at as counters_moved_at,
         (touchline.instant(config.raw_json ->> 'timestamp_created') at time zone 'UTC')::date as made_on
    from instantly_campaigns_raw c
    left join instantly_campaign_configs_raw config using (instantly_campaign_id)
   where c.gone_at is null
  union all
  select '', max(synced_at), null
    from instantly_campaigns_raw
   where gone_at is null
  having count(*) > 0
)
select c.subject,
       case
         when s.done_at > c.counters_moved_at then $2::date - 29
         -- the day it was made, with a day of grace for zones; two years where that is not known
         when c.made_on is not null then least(c.made_on, $2::date - 29) - 1
         else $2::date - 730
       end as first_day,
       $2::date as last_day
  from campaigns c
  left join touchline.subjects s
    on s.source = 'instantly'
   and s.stream = 'daily_analytics'
   and s.subject = c.subject
 where coalesce(s.done_at, '-infinity') < $1
 order by c.subject
