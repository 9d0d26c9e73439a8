-- 020 The funnel, counted ahead: what each event counts for, who reached which stage when, and sums by day.
-- Sums are kept by what changed, so that a funnel over millions of events is read in milliseconds.

create function touchline.time_zone()
returns text
language sql
stable
as $$
  select coalesce((select value #>> '{}' from touchline.settings where name = 'time_zone'), 'UTC')
$$;
comment on function touchline.time_zone() is 'The zone in which days begin for figures; UTC unless set.';
revoke all on function touchline.time_zone() from public;

-- One definition for a figure and for the rows behind it.
create view touchline.counted_touches as
select e.id,
       e.lead_id,
       e.campaign_id,
       e.event_timestamp,
       (e.event_timestamp at time zone touchline.time_zone())::date as touched_on,
       e.sequence_step,
       counted.channel,
       counted.stage
  from events e
 cross join lateral (
   values (
     case
       when e.event_type like 'email\_%' then 'email'
       when e.event_type like 'call\_%' or e.contact_kind = 'phone' then 'call'
       when e.event_type like any (array['connection\_%', 'message\_%', 'profile\_%']) or e.contact_kind = 'linkedin' then 'linkedin'
       else 'email'
     end
   )
 ) as by_type (channel)
 cross join lateral (
   values (
     by_type.channel,
     case
       when e.event_type in ('email_sent', 'connection_sent', 'message_sent', 'call_completed', 'call_voicemail', 'call_no_answer', 'call_failed') then 'contacted'
       when e.event_type in ('email_opened', 'email_clicked', 'connection_accepted') then 'opened'
       when e.event_type in ('email_replied', 'email_received', 'message_replied') then 'answered'
       when e.event_type = 'email_bounced' then 'bounced'
     end
   ), (
     by_type.channel,
     -- a conversation is picked up and answered at once
     case when e.event_type = 'call_completed' and coalesce(e.call_outcome, '') not in ('voicemail', 'no_answer', 'busy', 'failed') then 'opened' end
   ), (
     by_type.channel,
     case when e.event_type = 'call_completed' and coalesce(e.call_outcome, '') not in ('voicemail', 'no_answer', 'busy', 'failed', 'wrong_number') then 'answered' end
   ), (
     by_type.channel,
     case when e.interest_status in (1, 2, 3, 4) or e.call_outcome in ('interested', 'meeting', 'callback') then 'positive' end
   ), (
     by_type.channel,
     case when e.interest_status in (2, 3) or e.call_outcome = 'meeting' then 'meeting' end
   ), (
     by_type.channel,
     case when e.interest_status = 4 then 'converted' end
   )
 ) as counted (channel, stage)
 where counted.stage is not null
   and e.withdrawn_at is null;
comment on view touchline.counted_touches is 'What each event counts for in the funnel: one row an event and stage. Automatic replies and withdrawn touches count for nothing.';
comment on column touchline.counted_touches.id is 'The event.';
comment on column touchline.counted_touches.lead_id is 'Person; null: unknown.';
comment on column touchline.counted_touches.campaign_id is 'Campaign; null: outside campaigns.';
comment on column touchline.counted_touches.event_timestamp is 'When it happened.';
comment on column touchline.counted_touches.touched_on is 'The day it happened, in the zone of figures.';
comment on column touchline.counted_touches.sequence_step is 'Step of the sequence.';
comment on column touchline.counted_touches.channel is 'email, call, linkedin.';
comment on column touchline.counted_touches.stage is 'contacted, bounced, opened (a call: picked up; LinkedIn: connected), answered, positive, meeting, converted.';

create table touchline.reached (
  lead_id       uuid not null,
  campaign_id   uuid constraint reached_campaign_id_fkey references campaigns (id) on delete cascade,
  channel       text not null,
  contacted_on  date,
  bounced_on    date,
  opened_on     date,
  answered_on   date,
  positive_on   date,
  meeting_on    date,
  converted_on  date
);
create unique index reached_key on touchline.reached (lead_id, coalesce(campaign_id, '00000000-0000-0000-0000-000000000000'), channel);
create index reached_campaign_id_idx on touchline.reached (campaign_id, channel);
comment on table touchline.reached is 'On which day a person first reached each stage: in a campaign or over all of them, on a channel or on any.';
comment on column touchline.reached.lead_id is 'Person; no foreign key, so that the sums can be taken back when a lead is deleted.';
comment on column touchline.reached.campaign_id is 'Campaign; null: over everything, campaign or not.';
comment on column touchline.reached.channel is 'email, call, linkedin, any.';
comment on column touchline.reached.contacted_on is 'First touch we sent.';
comment on column touchline.reached.bounced_on is 'First bounce.';
comment on column touchline.reached.opened_on is 'First open, picked-up call, accepted connection.';
comment on column touchline.reached.answered_on is 'First human answer.';
comment on column touchline.reached.positive_on is 'First positive word.';
comment on column touchline.reached.meeting_on is 'First meeting.';
comment on column touchline.reached.converted_on is 'When won.';

create table touchline.funnel_people (
  campaign_id  uuid constraint funnel_people_campaign_id_fkey references campaigns (id) on delete cascade,
  channel      text not null,
  stage        text not null,
  reached_on   date not null,
  people       bigint not null
);
create unique index funnel_people_key on touchline.funnel_people (coalesce(campaign_id, '00000000-0000-0000-0000-000000000000'), channel, stage, reached_on);
comment on table touchline.funnel_people is 'People by the day they first reached a stage: the sums of reached. Each person is in one day, so days add up.';
comment on column touchline.funnel_people.campaign_id is 'Campaign; null: over everything.';
comment on column touchline.funnel_people.channel is 'email, call, linkedin, any.';
comment on column touchline.funnel_people.stage is 'As in counted_touches.';
comment on column touchline.funnel_people.reached_on is 'Day, in the zone of figures.';
comment on column touchline.funnel_people.people is 'How many.';

create table touchline.funnel_touches (
  campaign_id    uuid constraint funnel_touches_campaign_id_fkey references campaigns (id) on delete cascade,
  channel        text not null,
  sequence_step  integer,
  stage          text not null,
  touched_on     date not null,
  touches        bigint not null
);
create unique index funnel_touches_key
    on touchline.funnel_touches (coalesce(campaign_id, '00000000-0000-0000-0000-000000000000'), touched_on, channel, coalesce(sequence_step, -1), stage);
comment on table touchline.funnel_touches is 'Touches by day: the sums of counted_touches.';
comment on column touchline.funnel_touches.campaign_id is 'Campaign; null: outside campaigns.';
comment on column touchline.funnel_touches.channel is 'email, call, linkedin.';
comment on column touchline.funnel_touches.sequence_step is 'Step; null: not part of a sequence.';
comment on column touchline.funnel_touches.stage is 'As in counted_touches.';
comment on column touchline.funnel_touches.touched_on is 'Day, in the zone of figures.';
comment on column touchline.funnel_touches.touches is 'How many.';

-- Which days and people have to be counted again. Only ever added to and taken from, so that nobody waits for anybody.
create table touchline.funnel_changes (
  campaign_id  uuid,
  changed_on   date not null,
  lead_id      uuid
);
comment on table touchline.funnel_changes is 'Days of campaigns, and people, whose events changed since they were last counted. Written by triggers on events, by whatever road they change.';
comment on column touchline.funnel_changes.campaign_id is 'Campaign; null: outside campaigns.';
comment on column touchline.funnel_changes.changed_on is 'Day, in the zone of figures.';
comment on column touchline.funnel_changes.lead_id is 'Person; null: unknown.';

create function touchline.note_new_events()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into touchline.funnel_changes (campaign_id, changed_on, lead_id)
  select distinct campaign_id, (event_timestamp at time zone touchline.time_zone())::date, lead_id
    from new_events;
  return null;
end
$$;
comment on function touchline.note_new_events() is 'Notes the days and people of new events.';
revoke all on function touchline.note_new_events() from public;

create function touchline.note_gone_events()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into touchline.funnel_changes (campaign_id, changed_on, lead_id)
  select distinct campaign_id, (event_timestamp at time zone touchline.time_zone())::date, lead_id
    from old_events;
  return null;
end
$$;
comment on function touchline.note_gone_events() is 'Notes the days and people of events that are gone.';
revoke all on function touchline.note_gone_events() from public;

create function touchline.note_changed_events()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into touchline.funnel_changes (campaign_id, changed_on, lead_id)
  select e.campaign_id, (e.event_timestamp at time zone touchline.time_zone())::date, e.lead_id
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
comment on function touchline.note_changed_events() is 'Notes the days and people of events that count differently from before.';
revoke all on function touchline.note_changed_events() from public;

create trigger events_note_new after insert on events
  referencing new table as new_events for each statement execute function touchline.note_new_events();
create trigger events_note_gone after delete on events
  referencing old table as old_events for each statement execute function touchline.note_gone_events();
create trigger events_note_changed after update on events
  referencing old table as old_events new table as new_events for each statement execute function touchline.note_changed_events();

-- Events that were here before are counted at the next normalisation.
insert into touchline.funnel_changes (campaign_id, changed_on, lead_id)
select distinct campaign_id, (event_timestamp at time zone touchline.time_zone())::date, lead_id
  from events;
