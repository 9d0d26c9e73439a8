-- What is due for the members of running campaigns, and what was promised outside them; or, asked the other way, why the
-- others wait. One page by keyset. $1 now, $2 until when it has to be due, $3 only this channel, $4 only this campaign (null:
-- all), $5 those that wait instead, $6, $7, $8 rank, due time and subject of the last line of the page before, $9 how many,
-- $10 the members who were never tried and may be in it (`untried.sql`)
with today as materialized (
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
against as materialized (
  select * from touchline.stops_by_channel
),
-- who may be on the page: those who wait, who were promised something, who were tried, who was never tried and has room, who
-- was decided about. Each road has an index, so that it does not matter how many members there are besides
candidates as materialized (
  select id from campaign_leads where $5::boolean
  union
  select id from campaign_leads where not $5 and next_followup_at is not null and removed_at is null
  union
  select id
    from campaign_leads
   -- who is done with does not wait
   where not $5 and removed_at is null and stopped_at is null and overall_status = 'active'
     and (call_status <> 'not_scheduled' or linkedin_status <> 'not_started')
  union
  select id
    from campaign_leads
   where not $5 and stopped_at is null and overall_status = 'active'
     and id in (
       select unnest($10::uuid[])
       union all
       select campaign_lead_id from touchline.decisions_in_force where campaign_lead_id is not null
     )
),
members as materialized (
  select m.id,
         m.campaign_id,
         m.lead_id,
         m.overall_status,
         m.linkedin_status,
         m.email_sent_at,
         m.next_followup_at,
         m.stopped_at,
         m.stop_reason,
         m.stop_event_id,
         -- since when somebody was there to be called, where no mail begins
         coalesce(m.enrolled_at, m.created_at) as joined_at,
         c.uses_email,
         c.uses_calls,
         c.uses_linkedin
    from candidates
    join campaign_leads m using (id)
    join campaigns c on c.id = m.campaign_id
   -- what was promised stands, also where the campaign rests or a stop came with the promise
   where (c.campaign_status = 'active' or m.next_followup_at is not null and c.campaign_status <> 'archived')
     and m.removed_at is null
     and ($4::uuid is null or m.campaign_id = $4)
     and (c.uses_calls or c.uses_linkedin or m.next_followup_at is not null)
),
tried as (
  select e.campaign_lead_id as id,
         count(*) filter (where e.event_type like 'call\_%') as calls,
         max(e.event_timestamp) filter (where e.event_type like 'call\_%') as called_at,
         count(*) filter (where e.event_type in ('connection_sent', 'message_sent')) as writes,
         max(e.event_timestamp) filter (where e.event_type in ('connection_sent', 'message_sent')) as wrote_at,
         max(e.event_timestamp) filter (where e.event_type = 'connection_accepted') as accepted_at
    from events e
   where e.event_type in ('call_completed', 'call_voicemail', 'call_no_answer', 'call_failed', 'connection_sent', 'connection_accepted', 'message_sent')
     and e.withdrawn_at is null
     and e.campaign_lead_id in (select id from members)
   group by e.campaign_lead_id
),
-- what was decided without a touch that stands for it counts as a try, too
decided as (
  select d.campaign_lead_id as id,
         count(*) filter (where d.item_kind = 'call' and d.decision <> 'snooze' and not coalesce(d.has_touch, false)) as calls,
         max(d.decided_at) filter (where d.item_kind = 'call' and d.decision <> 'snooze') as called_at,
         count(*) filter (where d.item_kind in ('connect', 'message') and d.decision <> 'snooze' and not coalesce(d.has_touch, false)) as writes,
         max(d.decided_at) filter (where d.item_kind in ('connect', 'message') and d.decision <> 'snooze') as wrote_at
    from touchline.decisions_in_force d
   where d.campaign_lead_id is not null
   group by d.campaign_lead_id
),
snoozed as (
  select distinct on (d.item)
         d.item,
         d.until
    from touchline.decisions_in_force d
   where d.item_kind <> 'answer'
   order by d.item, d.decided_at desc, d.id desc
),
planned as (
  -- promised within a campaign; the same promise in several is one
  select distinct on (m.lead_id, m.next_followup_at)
         2::smallint as rank,
         'follow_up' as kind,
         m.id as subject,
         extract(epoch from m.next_followup_at)::bigint as number,
         case
           when p.event_type like 'call\_%' then 'call'
           when p.event_type like 'email\_%' then 'email'
           when p.event_type like any (array['message\_%', 'connection\_%']) then 'linkedin'
           when l.phone is not null then 'call'
           else 'email'
         end as channel,
         m.next_followup_at as base_at,
         m.id as campaign_lead_id,
         m.campaign_id,
         m.lead_id,
         p.id as event_id,
         0::bigint as tries,
         m.stopped_at,
         m.stop_reason,
         m.stop_event_id,
         m.overall_status,
         true as reachable,
         null::text as early
    from members m
    join leads l on l.id = m.lead_id
    left join lateral (
      select e.id, e.event_type
        from events e
       where e.follow_up_at = m.next_followup_at
         and e.lead_id = m.lead_id
         and e.withdrawn_at is null
       order by e.event_timestamp desc, e.id desc
       limit 1
    ) p on true
   where m.next_followup_at is not null
   order by m.lead_id, m.next_followup_at, m.id
),
promised as (
  select distinct on (e.lead_id)
         2::smallint,
         'follow_up',
         e.id,
         extract(epoch from e.follow_up_at)::bigint,
         case
           when e.event_type like 'call\_%' then 'call'
           when e.event_type like any (array['message\_%', 'connection\_%']) then 'linkedin'
           else 'email'
         end,
         e.follow_up_at,
         null::uuid,
         e.campaign_id,
         e.lead_id,
         e.id,
         0::bigint,
         null::timestamptz,
         null::text,
         null::uuid,
         'active',
         true,
         null::text
    from events e
   where e.follow_up_at is not null
     and e.withdrawn_at is null
     and e.lead_id is not null
     and ($4 is null or e.campaign_id = $4)
     -- what a campaign plans stands there, also where a stop has cleared it
     and not exists (
       select from campaign_leads m
        where m.lead_id = e.lead_id
          and m.removed_at is null
     )
   order by e.lead_id, e.event_timestamp desc, e.id desc
),
calls as (
  select 3::smallint,
         'call',
         m.id,
         1 + coalesce(t.calls, 0) + coalesce(d.calls, 0),
         'call',
         case
           when t.calls > 0 or d.calls > 0 or d.called_at is not null then greatest(t.called_at, d.called_at) + r.between_days * interval '1 day'
           when greatest(m.email_sent_at, t.wrote_at) is not null then greatest(m.email_sent_at, t.wrote_at) + r.after_days * interval '1 day'
           when not m.uses_email then m.joined_at
         end,
         m.id,
         m.campaign_id,
         m.lead_id,
         null::uuid,
         coalesce(t.calls, 0) + coalesce(d.calls, 0),
         m.stopped_at,
         m.stop_reason,
         m.stop_event_id,
         m.overall_status,
         l.phone ~ '[0-9]' or exists (select from lead_identities i where i.lead_id = m.lead_id and i.identity_kind = 'phone'),
         case when m.uses_email and m.email_sent_at is null and t.wrote_at is null and coalesce(t.calls, 0) + coalesce(d.calls, 0) = 0 then 'no_message_yet' end
    from members m
    join leads l on l.id = m.lead_id
    join touchline.rules_in_force r on r.campaign_id = m.campaign_id and r.channel = 'call'
    left join tried t on t.id = m.id
    left join decided d on d.id = m.id
   where m.uses_calls
     and m.next_followup_at is null
),
writes as (
  select 4::smallint,
         case when m.linkedin_status in ('not_started', 'connection_sent') and t.accepted_at is null then 'connect' else 'message' end,
         m.id,
         1 + coalesce(t.writes, 0) + coalesce(d.writes, 0),
         'linkedin',
         case
           when m.linkedin_status = 'connected' and t.accepted_at > coalesce(greatest(t.wrote_at, d.wrote_at), '-infinity') then t.accepted_at
           when t.writes > 0 or d.writes > 0 or d.wrote_at is not null then greatest(t.wrote_at, d.wrote_at) + r.between_days * interval '1 day'
           when m.email_sent_at is not null then m.email_sent_at + r.after_days * interval '1 day'
           when not m.uses_email then m.joined_at
         end,
         m.id,
         m.campaign_id,
         m.lead_id,
         null::uuid,
         coalesce(t.writes, 0) + coalesce(d.writes, 0),
         m.stopped_at,
         m.stop_reason,
         m.stop_event_id,
         m.overall_status,
         l.linkedin_url ~ '[^ ]' or exists (select from lead_identities i where i.lead_id = m.lead_id and i.identity_kind = 'linkedin'),
         case
           when m.linkedin_status = 'connection_sent' or t.writes > 0 and t.accepted_at is null and m.linkedin_status = 'not_started' then 'not_accepted_yet'
           when m.uses_email and m.email_sent_at is null and coalesce(t.writes, 0) + coalesce(d.writes, 0) = 0 then 'no_message_yet'
         end
    from members m
    join leads l on l.id = m.lead_id
    join touchline.rules_in_force r on r.campaign_id = m.campaign_id and r.channel = 'linkedin'
    left join tried t on t.id = m.id
    left join decided d on d.id = m.id
   where m.uses_linkedin
     and m.next_followup_at is null
),
items as (
  select * from planned
   union all
  select * from promised
   union all
  select * from calls
   union all
  select * from writes
),
placed as (
  select i.*,
         i.kind || '-' || i.subject || '-' || i.number as item,
         r.max_attempts,
         r.daily_limit,
         r.after_days,
         r.between_days,
         coalesce(z.time_zone, (select time_zone from today)) as time_zone,
         coalesce(z.told_by, 'workspace') as zone_told_by,
         hours.opens_at,
         a.kind as against_kind,
         a.reason as against_reason,
         a.since as against_since,
         s.until as snoozed_until
    from items i
    left join touchline.rules_in_force r
      on r.campaign_id = i.campaign_id
     and r.channel = i.channel
     and i.kind <> 'follow_up'
    left join touchline.lead_zones z on z.lead_id = i.lead_id
    left join against a
      on a.lead_id = i.lead_id
     and a.channel = i.channel
    left join snoozed s
      on s.item = i.kind || '-' || i.subject || '-' || i.number
     and s.until > $1
   cross join lateral (
      select greatest(i.base_at, $1) at time zone coalesce(z.time_zone, (select time_zone from today)) as local_at
    ) here
    -- the first moment from then on in which the rules let it be: within the hours, on one of the weekdays
    left join lateral (
      select case
               when r.channel is null then i.base_at
               when here.local_at::time < r.closes_at and extract(isodow from here.local_at) = any (r.weekdays)
                 then greatest(here.local_at, here.local_at::date + r.opens_at) at time zone coalesce(z.time_zone, (select time_zone from today))
               else (
                 select (min(day)::date + r.opens_at) at time zone coalesce(z.time_zone, (select time_zone from today))
                   from generate_series(here.local_at::date + 1, here.local_at::date + 7, interval '1 day') as day
                  where extract(isodow from day) = any (r.weekdays)
               )
             end as opens_at
    ) hours on true
   where $3::text is null
      or i.channel = $3
),
judged as (
  select p.*,
         case
           when p.against_kind = 'suppressed' then 'suppressed'
           when p.kind <> 'follow_up' and (p.stopped_at is not null or p.overall_status <> 'active') then 'stopped'
           when p.kind <> 'follow_up' and p.against_kind is not null then 'stopped'
           when not coalesce(p.reachable, false) then case p.channel when 'call' then 'no_phone' else 'no_profile' end
           when p.tries >= p.max_attempts then 'all_tries_made'
           when p.snoozed_until is not null then 'snoozed'
           when p.early is not null then p.early
           when p.base_at is null then 'no_message_yet'
           when p.base_at > $2 then 'not_due'
           when p.opens_at > $2 then 'outside_hours'
         end as reason
    from placed p
   -- done or skipped; a call or a message then has its next number
   where p.kind <> 'follow_up'
      or not exists (
        select from touchline.decisions_in_force d
         where d.item = p.item
           and d.decision <> 'snooze'
      )
),
limited as (
  select j.*,
         coalesce(u.touches, 0) as used_today,
         case
           when j.reason is not null or j.kind = 'follow_up' then j.reason
           when row_number() over (partition by j.campaign_id, j.channel, j.reason order by j.base_at, j.subject) > j.daily_limit * today.days - coalesce(u.touches, 0)
             then 'daily_limit'
         end as waits_for
    from judged j
   cross join today
    left join used u
      on u.campaign_id = j.campaign_id
     and u.channel = j.channel
),
page as (
  select *
    from limited
   where (waits_for is not null) = $5
     and (
       $6::smallint is null
       or (rank, coalesce(base_at, '9000-01-01Z'), subject) > ($6, $7::timestamptz, $8::uuid)
     )
   order by rank, coalesce(base_at, '9000-01-01Z'), subject
   limit $9
)
select p.rank,
       p.kind,
       p.subject,
       p.number,
       p.channel,
       p.base_at as due_at,
       p.opens_at,
       p.waits_for,
       p.time_zone,
       p.zone_told_by,
       to_char($1 at time zone p.time_zone, 'HH24:MI') as local_time,
       p.campaign_id,
       p.campaign_lead_id,
       p.lead_id,
       p.event_id,
       p.stop_event_id,
       p.tries,
       p.max_attempts,
       p.after_days,
       p.daily_limit,
       p.used_today,
       p.snoozed_until,
       case
         when p.waits_for = 'suppressed' or p.stopped_at is null and p.overall_status = 'active' then p.against_reason
         else coalesce(p.stop_reason, p.overall_status)
       end as stop_reason,
       case
         when p.waits_for = 'suppressed' or p.stopped_at is null and p.overall_status = 'active' then p.against_since
         else p.stopped_at
       end as stopped_since
  from page p
 order by p.rank, coalesce(p.base_at, '9000-01-01Z'), p.subject
