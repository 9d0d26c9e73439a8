-- Of the members who were never tried on a channel, no more than a day has room for: the longest due, looked at one after the
-- other until there are enough, so that it does not matter how many there are. $1 now, $2 until when it has to be due, $3 only
-- this channel, $4 only this campaign (null: all)
with recursive today as materialized (
  select touchline.time_zone() as time_zone,
         date_trunc('day', $1::timestamptz at time zone touchline.time_zone()) at time zone touchline.time_zone() as began_at,
         1 + greatest(0, ($2::timestamptz at time zone touchline.time_zone())::date - ($1 at time zone touchline.time_zone())::date) as days
),
used as (
  select t.campaign_id,
         t.channel,
         count(*) as touches
    from (
      select e.campaign_id,
             case when e.event_type like 'call\_%' then 'call' else 'linkedin' end as channel
        from events e, today
       where e.event_timestamp >= today.began_at
         and e.event_timestamp <= $1
         and e.event_type in ('call_completed', 'call_voicemail', 'call_no_answer', 'call_failed', 'connection_sent', 'message_sent')
         and e.withdrawn_at is null
       union all
      select m.campaign_id,
             case when d.item_kind = 'call' then 'call' else 'linkedin' end
        from today, touchline.decisions_in_force d
        join campaign_leads m on m.id = d.campaign_lead_id
       where d.decided_at >= today.began_at
         and d.decision = 'done'
         and d.item_kind in ('call', 'connect', 'message')
         and not coalesce(d.has_touch, false)
    ) t
   group by t.campaign_id, t.channel
),
-- the zones that there are: a step of the index each, however many people live there
stepped (time_zone) as (
  select min(time_zone)
    from touchline.lead_zones
  union all
  select (select min(z.time_zone) from touchline.lead_zones z where z.time_zone > s.time_zone)
    from stepped s
   where s.time_zone is not null
),
places as (
  select time_zone from stepped where time_zone is not null
  union
  select time_zone from today
),
against as materialized (
  select * from touchline.stops_by_channel
)
select fits.id
  from campaigns c
 cross join today
  join touchline.rules_in_force r
    on r.campaign_id = c.id
   and case r.channel when 'call' then c.uses_calls else c.uses_linkedin end
  left join used u
    on u.campaign_id = c.id
   and u.channel = r.channel
 cross join lateral (
    -- the zones in which it is somewhere between now and then within the hours
    select array_agg(p.time_zone) as zones
      from places p
     cross join lateral (
        select $1::timestamptz at time zone p.time_zone as local_at,
               $2 at time zone p.time_zone as local_until
      ) here
     where extract(isodow from here.local_at) = any (r.weekdays) and here.local_at::time < r.closes_at
             and greatest(here.local_at, here.local_at::date + r.opens_at) <= here.local_until
        or exists (
             select from generate_series(here.local_at::date + 1, least(here.local_until::date, here.local_at::date + 7), interval '1 day') as day
              where extract(isodow from day) = any (r.weekdays)
                and day::date + r.opens_at <= here.local_until
           )
 ) open
 cross join lateral (
    select m.id
      from campaign_leads m
      left join touchline.lead_zones z on z.lead_id = m.lead_id
     where m.campaign_id = c.id
       and m.removed_at is null
       and m.stopped_at is null
       and m.overall_status = 'active'
       and m.next_followup_at is null
       and open.zones is not null
       and case r.channel when 'call' then m.call_status = 'not_scheduled' else m.linkedin_status = 'not_started' end
       and (m.email_sent_at + r.after_days * interval '1 day' <= $2 or m.email_sent_at is null and not c.uses_email)
       and coalesce(z.time_zone, (select time_zone from today)) = any (open.zones)
       and not exists (select from against a where a.lead_id = m.lead_id and a.channel = r.channel)
       and not exists (
         select from touchline.decisions_in_force d
          where d.campaign_lead_id = m.id
            and (d.item_kind = 'call') = (r.channel = 'call')
       )
       and (
         exists (
           select from leads l
            where l.id = m.lead_id
              and case r.channel when 'call' then l.phone ~ '[0-9]' else l.linkedin_url ~ '[^ ]' end
         )
         or exists (
           select from lead_identities i
            where i.lead_id = m.lead_id
              and i.identity_kind = case r.channel when 'call' then 'phone' else 'linkedin' end
         )
       )
     -- as the index has them: who was not mailed yet is left out above, where mail begins
     order by coalesce(m.email_sent_at, m.enrolled_at, m.created_at), m.id
     limit greatest(0, r.daily_limit * today.days - coalesce(u.touches, 0))
 ) fits
 where c.campaign_status = 'active'
   and ($4::uuid is null or c.id = $4)
   and ($3::text is null or r.channel = $3)
