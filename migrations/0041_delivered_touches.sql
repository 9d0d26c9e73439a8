-- What was delivered is counted in touches as in people, and opens its rows: sent, and no bounce of that step came back. A
-- bounce that names no step takes back every mail of the campaign to that person.
create index if not exists events_bounces_idx on events (lead_id, campaign_id)
  where event_type = 'email_bounced' and withdrawn_at is null;

-- The zone is asked for once a statement, not once a row; a list of words is cheaper to go through than rows of values.
create or replace view touchline.counted_touches as
select e.id,
       e.lead_id,
       e.campaign_id,
       e.event_timestamp,
       (e.event_timestamp at time zone (select touchline.time_zone()))::date as touched_on,
       e.sequence_step,
       by_type.channel,
       counted.stage
  from events e
 cross join lateral (
   select case
            when e.event_type like 'email\_%' then 'email'
            when e.event_type like 'call\_%' or e.contact_kind = 'phone' then 'call'
            when e.event_type like any (array['connection\_%', 'message\_%', 'profile\_%']) or e.contact_kind = 'linkedin' then 'linkedin'
            else 'email'
          end as channel,
          e.event_type in ('email_sent', 'connection_sent', 'message_sent', 'call_completed', 'call_voicemail', 'call_no_answer')
            -- a call that the tool never placed reached nobody's phone; one that a person logged was placed
            or e.event_type = 'call_failed'
              and (
                e.vapi_call_id is null
                or exists (
                  select from events placed
                   where placed.vapi_call_id = e.vapi_call_id
                     and placed.event_type = 'call_initiated'
                     and placed.withdrawn_at is null
                )
              ) as contacted,
          e.event_type = 'call_completed' and coalesce(e.call_outcome, '') not in ('voicemail', 'no_answer', 'busy', 'failed') as picked_up
 ) as by_type
 cross join lateral unnest(array[
   case
     when by_type.contacted then 'contacted'
     when e.event_type in ('email_opened', 'email_clicked', 'connection_accepted') then 'opened'
     when e.event_type in ('email_replied', 'email_received', 'message_replied') then 'answered'
     when e.event_type = 'email_bounced' then 'bounced'
   end,
   case
     when by_type.contacted
       and not (
         e.event_type = 'email_sent'
         and exists (
           select from events b
            where b.event_type = 'email_bounced'
              and b.withdrawn_at is null
              and b.lead_id = e.lead_id
              and b.campaign_id is not distinct from e.campaign_id
              and coalesce(b.sequence_step = e.sequence_step, true)
         )
       ) then 'delivered'
   end,
   -- a conversation is picked up and answered at once
   case when by_type.picked_up then 'opened' end,
   case when by_type.picked_up and e.call_outcome is distinct from 'wrong_number' then 'answered' end,
   case when e.interest_status in (1, 2, 3, 4) or e.call_outcome in ('interested', 'meeting', 'callback') then 'positive' end,
   case when e.interest_status in (2, 3) or e.call_outcome = 'meeting' then 'meeting' end,
   case when e.interest_status = 4 then 'converted' end
 ]) as counted (stage)
 where counted.stage is not null
   and e.withdrawn_at is null;
comment on column touchline.counted_touches.stage is 'contacted, delivered (contacted, and no bounce of that mail came back), bounced, opened (a call: picked up; LinkedIn: connected), answered, positive, meeting, converted.';

-- Whether a mail was delivered, its bounce says, which comes on another day: the days of that person's mails are counted again.
alter table touchline.funnel_changes add column bounced boolean not null default false;
comment on column touchline.funnel_changes.bounced is 'A bounce came, went or changed: the days on which that person was written to count anew.';

create or replace function touchline.note_new_events()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into touchline.funnel_changes (campaign_id, changed_on, lead_id, bounced)
  select distinct campaign_id, (event_timestamp at time zone (select touchline.time_zone()))::date, lead_id, event_type = 'email_bounced'
    from new_events;
  return null;
end
$$;

create or replace function touchline.note_gone_events()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into touchline.funnel_changes (campaign_id, changed_on, lead_id, bounced)
  select distinct campaign_id, (event_timestamp at time zone (select touchline.time_zone()))::date, lead_id, event_type = 'email_bounced'
    from old_events;
  return null;
end
$$;

create or replace function touchline.note_changed_events()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into touchline.funnel_changes (campaign_id, changed_on, lead_id, bounced)
  select e.campaign_id, (e.event_timestamp at time zone (select touchline.time_zone()))::date, e.lead_id, e.event_type = 'email_bounced'
    from (
      select o.id, o.campaign_id, o.event_timestamp, o.lead_id, o.event_type, o.sequence_step, o.call_outcome, o.interest_status, o.withdrawn_at from old_events o
      union all
      select n.id, n.campaign_id, n.event_timestamp, n.lead_id, n.event_type, n.sequence_step, n.call_outcome, n.interest_status, n.withdrawn_at from new_events n
    ) e
   group by e.campaign_id, e.event_timestamp, e.lead_id, e.id, e.event_type, e.sequence_step, e.call_outcome, e.interest_status, e.withdrawn_at
  having count(*) = 1;
  return null;
end
$$;

comment on column touchline.funnel_touches.stage is 'As in counted_touches.';
insert into touchline.funnel_touches (campaign_id, channel, sequence_step, stage, touched_on, touches)
select campaign_id, channel, sequence_step, 'delivered', touched_on, count(*)
  from touchline.counted_touches
 where stage = 'delivered'
   -- adopted tables may name campaigns that are gone
   and (campaign_id is null or exists (select from campaigns where campaigns.id = counted_touches.campaign_id))
 group by campaign_id, channel, sequence_step, touched_on;
