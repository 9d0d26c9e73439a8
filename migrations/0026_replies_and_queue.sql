-- 026 What replies and the queue need: rules of a campaign, what people decided, and indexes for what they ask.
create table campaign_rules (
  id            uuid primary key default gen_random_uuid(),
  campaign_id   uuid constraint campaign_rules_campaign_id_fkey references campaigns (id) on delete cascade,
  channel       text not null constraint campaign_rules_channel_check check (channel in ('call', 'linkedin')),
  after_days    integer constraint campaign_rules_after_days_check check (after_days between 0 and 365),
  between_days  integer constraint campaign_rules_between_days_check check (between_days between 0 and 365),
  max_attempts  integer constraint campaign_rules_max_attempts_check check (max_attempts between 0 and 100),
  daily_limit   integer constraint campaign_rules_daily_limit_check check (daily_limit between 0 and 100000),
  opens_at      time,
  closes_at     time,
  weekdays      smallint[] constraint campaign_rules_weekdays_check check (weekdays <@ array[1, 2, 3, 4, 5, 6, 7]::smallint[] and cardinality(weekdays) > 0),
  updated_by    uuid constraint campaign_rules_updated_by_fkey references users (id) on delete set null,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  constraint campaign_rules_hours_check check (opens_at < closes_at)
);
create unique index campaign_rules_key on campaign_rules (coalesce(campaign_id, '00000000-0000-0000-0000-000000000000'), channel);
create index campaign_rules_campaign_id_idx on campaign_rules (campaign_id);
create index campaign_rules_updated_by_idx on campaign_rules (updated_by);

comment on table campaign_rules is 'When a campaign calls and writes on LinkedIn. The row without a campaign is the default; what a campaign leaves null is as there.';
comment on column campaign_rules.id is 'Ours.';
comment on column campaign_rules.campaign_id is 'Campaign; null: the default of all.';
comment on column campaign_rules.channel is 'call, linkedin. E-mail is sent by Instantly, by its own schedule.';
comment on column campaign_rules.after_days is 'Days without an answer after our last message on another channel before the first touch on this one.';
comment on column campaign_rules.between_days is 'Days between two touches on this channel.';
comment on column campaign_rules.max_attempts is 'So many touches on this channel, then it ends quietly.';
comment on column campaign_rules.daily_limit is 'Touches on this channel in a day, in this campaign.';
comment on column campaign_rules.opens_at is 'From when, in the zone of the lead.';
comment on column campaign_rules.closes_at is 'Until when, in the zone of the lead.';
comment on column campaign_rules.weekdays is 'On which days, 1 Monday to 7 Sunday, in the zone of the lead.';
comment on column campaign_rules.updated_by is 'Who set it last; null: not known, or the default that came with Touchline.';
comment on column campaign_rules.created_at is 'When the row was made.';
comment on column campaign_rules.updated_at is 'When anything of the row last changed.';
alter table campaign_rules enable row level security;

insert into campaign_rules (channel, after_days, between_days, max_attempts, daily_limit, opens_at, closes_at, weekdays)
values ('call', 3, 2, 3, 40, '09:00', '17:00', '{1,2,3,4,5}'),
       ('linkedin', 2, 4, 3, 20, '08:00', '18:00', '{1,2,3,4,5}');

create view touchline.rules_in_force as
select c.id as campaign_id,
       d.channel,
       coalesce(r.after_days, d.after_days) as after_days,
       coalesce(r.between_days, d.between_days) as between_days,
       coalesce(r.max_attempts, d.max_attempts) as max_attempts,
       coalesce(r.daily_limit, d.daily_limit) as daily_limit,
       coalesce(r.opens_at, d.opens_at) as opens_at,
       coalesce(r.closes_at, d.closes_at) as closes_at,
       coalesce(r.weekdays, d.weekdays) as weekdays
  from campaigns c
  join campaign_rules d on d.campaign_id is null
  left join campaign_rules r on r.campaign_id = c.id and r.channel = d.channel;
comment on view touchline.rules_in_force is 'The rules of each campaign and channel, with the default where it sets none.';
comment on column touchline.rules_in_force.campaign_id is 'Campaign.';
comment on column touchline.rules_in_force.channel is 'As in campaign_rules.';
comment on column touchline.rules_in_force.after_days is 'As in campaign_rules.';
comment on column touchline.rules_in_force.between_days is 'As in campaign_rules.';
comment on column touchline.rules_in_force.max_attempts is 'As in campaign_rules.';
comment on column touchline.rules_in_force.daily_limit is 'As in campaign_rules.';
comment on column touchline.rules_in_force.opens_at is 'As in campaign_rules.';
comment on column touchline.rules_in_force.closes_at is 'As in campaign_rules.';
comment on column touchline.rules_in_force.weekdays is 'As in campaign_rules.';

create table queue_decisions (
  id                uuid primary key default gen_random_uuid(),
  item              text not null,
  item_kind         text not null constraint queue_decisions_item_kind_check check (item_kind in ('answer', 'follow_up', 'call', 'connect', 'message')),
  decision          text not null constraint queue_decisions_decision_check check (decision in ('done', 'skip', 'snooze')),
  until             timestamptz constraint queue_decisions_until_check check ((decision = 'snooze') = (until is not null)),
  note              text,
  outcome           text,
  event_id          uuid constraint queue_decisions_event_id_fkey references events (id) on delete set null,
  campaign_lead_id  uuid constraint queue_decisions_campaign_lead_id_fkey references campaign_leads (id) on delete set null,
  lead_id           uuid constraint queue_decisions_lead_id_fkey references leads (id) on delete set null,
  touch_id          uuid constraint queue_decisions_touch_id_fkey references events (id) on delete set null,
  decided_by        uuid constraint queue_decisions_decided_by_fkey references users (id) on delete set null,
  decided_at        timestamptz not null,
  taken_back_at     timestamptz,
  taken_back_by     uuid constraint queue_decisions_taken_back_by_fkey references users (id) on delete set null
);
-- Done or skipped twice is once; so is a snooze, until it is over.
create unique index queue_decisions_settled_key on queue_decisions (item) where decision <> 'snooze' and taken_back_at is null;
create index queue_decisions_item_idx on queue_decisions (item, decided_at desc);
create index queue_decisions_event_id_idx on queue_decisions (event_id);
create index queue_decisions_campaign_lead_id_idx on queue_decisions (campaign_lead_id);
create index queue_decisions_lead_id_idx on queue_decisions (lead_id);
create index queue_decisions_touch_id_idx on queue_decisions (touch_id);
create index queue_decisions_decided_by_idx on queue_decisions (decided_by);
create index queue_decisions_taken_back_by_idx on queue_decisions (taken_back_by);
create index queue_decisions_decided_at_idx on queue_decisions (decided_at desc, id desc);

comment on table queue_decisions is 'What people decided about what was due: done, skipped, or later. On the timeline each is an event of source manual.';
comment on column queue_decisions.id is 'Ours.';
comment on column queue_decisions.item is 'What it is about: answer-<event>, follow_up-<enrollment>-<due>, call-<enrollment>-<attempt>, connect-…, message-….';
comment on column queue_decisions.item_kind is 'answer (a reply), follow_up (promised), call, connect and message (LinkedIn).';
comment on column queue_decisions.decision is 'done, skip (not this time: it counts as an attempt), snooze (ask again later).';
comment on column queue_decisions.until is 'Until when it is snoozed; else null.';
comment on column queue_decisions.note is 'Why, in the words of who decided.';
comment on column queue_decisions.outcome is 'What came of it, as in events.call_outcome; null: not said.';
comment on column queue_decisions.event_id is 'The reply it is about; null: it is about an enrollment.';
comment on column queue_decisions.campaign_lead_id is 'The enrollment it is about; null: it is about a reply outside campaigns.';
comment on column queue_decisions.lead_id is 'Person; null: unknown when it was decided.';
comment on column queue_decisions.touch_id is 'The event by which it stands on the timeline: the touch that was logged with it, else one that says what was decided.';
comment on column queue_decisions.decided_by is 'Who; null: not known.';
comment on column queue_decisions.decided_at is 'When.';
comment on column queue_decisions.taken_back_at is 'When it was taken back; it no longer counts. Null: it counts.';
comment on column queue_decisions.taken_back_by is 'Who took it back.';
alter table queue_decisions enable row level security;

create view touchline.decisions_in_force as
select q.id,
       q.item,
       q.item_kind,
       q.decision,
       q.until,
       q.note,
       q.event_id,
       q.campaign_lead_id,
       q.lead_id,
       q.touch_id,
       e.event_source = 'manual' and e.event_type not like 'queue\_%' as has_touch,
       q.decided_at
  from queue_decisions q
  left join events e on e.id = q.touch_id
 where q.taken_back_at is null
   and e.withdrawn_at is null;
comment on view touchline.decisions_in_force is 'Decisions that count: neither they nor the touch that was logged with them were taken back.';
comment on column touchline.decisions_in_force.id is 'As in queue_decisions.';
comment on column touchline.decisions_in_force.item is 'As in queue_decisions.';
comment on column touchline.decisions_in_force.item_kind is 'As in queue_decisions.';
comment on column touchline.decisions_in_force.decision is 'As in queue_decisions.';
comment on column touchline.decisions_in_force.until is 'As in queue_decisions.';
comment on column touchline.decisions_in_force.note is 'As in queue_decisions.';
comment on column touchline.decisions_in_force.event_id is 'As in queue_decisions.';
comment on column touchline.decisions_in_force.campaign_lead_id is 'As in queue_decisions.';
comment on column touchline.decisions_in_force.lead_id is 'As in queue_decisions.';
comment on column touchline.decisions_in_force.touch_id is 'As in queue_decisions.';
comment on column touchline.decisions_in_force.has_touch is 'True: a touch was logged with it, which counts as the attempt.';
comment on column touchline.decisions_in_force.decided_at is 'As in queue_decisions.';

-- Who answered, newest first, among millions of events; a call that was talked is an answer, too.
create index events_answers_idx on events (event_timestamp desc, id desc)
 where event_type in ('email_replied', 'email_received', 'email_auto_replied', 'message_replied', 'call_completed') and withdrawn_at is null;
-- How often and when we tried on a channel that people serve.
create index events_attempts_idx on events (campaign_lead_id, event_timestamp desc) include (event_type)
 where event_type in ('call_completed', 'call_voicemail', 'call_no_answer', 'call_failed', 'connection_sent', 'connection_accepted', 'message_sent')
   and withdrawn_at is null;

create index events_follow_up_idx on events (follow_up_at) where follow_up_at is not null and withdrawn_at is null;

alter table leads add column if not exists time_zone text;
comment on column leads.time_zone is 'IANA name of the zone the person lives in, where somebody said so; null: worked out from state, phone or country.';

create table touchline.lead_zones (
  lead_id        uuid primary key constraint lead_zones_lead_id_fkey references leads (id) on delete cascade,
  time_zone      text,
  told_by        text not null,
  worked_out_at  timestamptz not null
);
comment on table touchline.lead_zones is 'In which zone a lead is held to live, worked out when the queue first needs it, and again when the lead has changed.';
comment on column touchline.lead_zones.lead_id is 'Lead.';
comment on column touchline.lead_zones.time_zone is 'IANA name; null: nothing is known, so the zone of figures stands in.';
comment on column touchline.lead_zones.told_by is 'Where it is from: person, state, phone, country, workspace.';
comment on column touchline.lead_zones.worked_out_at is 'updated_at of the lead as it was then.';
