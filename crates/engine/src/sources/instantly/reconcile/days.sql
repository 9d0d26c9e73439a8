-- E-mails sent on each of the thirty whole days before the counters were asked for: ours beside the workspace's own. Days
-- are UTC days, as the vendor's are.
with asked as (
  select (walked_to_end_at at time zone 'UTC')::date as today
    from touchline.streams
   where source = 'instantly'
     and stream = 'daily_analytics'
     and walked_to_end_at is not null
),
theirs as (
  select r.analytics_date as on_day,
         coalesce(r.sent, 0)::bigint as sent
    from asked
    join instantly_daily_analytics_raw r
      on r.instantly_campaign_id is null
     and r.analytics_date >= asked.today - 30
     and r.analytics_date < asked.today
),
ours as (
  select (e.event_timestamp at time zone 'UTC')::date as on_day,
         count(*) as sent
    from asked
    join events e
      on e.event_timestamp >= (asked.today - 30)::timestamp at time zone 'UTC'
     and e.event_timestamp < asked.today::timestamp at time zone 'UTC'
    left join instantly_emails_raw r on r.instantly_email_id = e.instantly_email_id
   where e.event_source = 'instantly'
     and e.event_type = 'email_sent'
     and r.raw_json ->> 'ue_type' is distinct from '3'
     and e.withdrawn_at is null
   group by 1
)
select coalesce(theirs.on_day, ours.on_day) as on_day,
       coalesce(ours.sent, 0)::bigint as ours,
       coalesce(theirs.sent, 0)::bigint as vendor
  from theirs
  full join ours using (on_day)
 order by 1
