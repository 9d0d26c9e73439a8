-- 021 Who must not be contacted, what stops whom and why, what was told where, and the gate that every send passes.

create table touchline.stop_rules (
  reason            text constraint stop_rules_pkey primary key,
  position          integer not null,
  stops             text not null constraint stop_rules_stops_check check (stops in ('all', 'email', 'call', 'linkedin', 'nothing')),
  suppresses        text constraint stop_rules_suppresses_check check (suppresses in ('all', 'email', 'call', 'linkedin')),
  scope             text not null default 'person' constraint stop_rules_scope_check check (scope in ('address', 'person', 'company')),
  overall_status    text,
  elsewhere_status  text,
  words             text not null
);
comment on table touchline.stop_rules is 'What each reason for a stop does. Rows, so that one can read them, and change them: a rebuild then says what differs.';
comment on column touchline.stop_rules.reason is 'Reason of a stop or a suppression; an open set.';
comment on column touchline.stop_rules.position is 'Which of two reasons of the same instant is told first; the weightier one.';
comment on column touchline.stop_rules.stops is 'On which channel the person''s enrollments stop: all, or one only.';
comment on column touchline.stop_rules.suppresses is 'Channel on which a suppression is written, too; null: none.';
comment on column touchline.stop_rules.scope is 'What the suppression is about: this address only, the person with every address, the whole company.';
comment on column touchline.stop_rules.overall_status is 'campaign_leads.overall_status in the campaign where it happened; null: as it was.';
comment on column touchline.stop_rules.elsewhere_status is 'overall_status in the person''s other campaigns; null: as it was.';
comment on column touchline.stop_rules.words is 'In words, for people.';

insert into touchline.stop_rules (reason, position, stops, suppresses, scope, overall_status, elsewhere_status, words)
values
  ('complaint',      1,  'all', 'all',   'person',  'unsubscribed', 'unsubscribed', 'complained'),
  ('do_not_contact', 2,  'all', 'all',   'person',  'unsubscribed', 'unsubscribed', 'asked not to be contacted'),
  ('opt_out',        3,  'all', 'email', 'person',  'unsubscribed', 'unsubscribed', 'opted out'),
  ('do_not_call',    4,  'all', 'call',  'person',  'disqualified', 'disqualified', 'asked not to be called'),
  ('hard_bounce',    5,  'all', 'email', 'address', 'bounced',      'bounced',      'the address bounced'),
  ('wrong_number',   6,  'all', 'call',  'address', null,           null,           'the number is somebody else''s'),
  ('not_interested', 7,  'all', null,    'person',  'disqualified', 'disqualified', 'is not interested'),
  ('wrong_person',   8,  'all', null,    'person',  'disqualified', 'disqualified', 'is the wrong person'),
  ('lost',           9,  'all', null,    'person',  'disqualified', 'disqualified', 'is lost'),
  ('won',            10, 'all', null,    'person',  'converted',    'replied',      'is won'),
  ('meeting',        11, 'all', null,    'person',  'replied',      'replied',      'has a meeting with us'),
  ('reply',          12, 'all', null,    'person',  'replied',      'replied',      'answered'),
  ('manual',         13, 'all', null,    'person',  'disqualified', 'disqualified', 'was stopped by a person');

create table suppressions (
  id               uuid primary key default gen_random_uuid(),
  lead_id          uuid constraint suppressions_lead_id_fkey references leads (id) on delete set null,
  company_id       uuid constraint suppressions_company_id_fkey references companies (id) on delete set null,
  contact_kind     text constraint suppressions_contact_kind_check check (contact_kind in ('email', 'phone', 'linkedin', 'domain')),
  contact_address  text,
  channel          text not null constraint suppressions_channel_check check (channel in ('all', 'email', 'call', 'linkedin')),
  reason           text not null,
  scope            text not null default 'person' constraint suppressions_scope_check check (scope in ('address', 'person', 'company')),
  evidence_event_id  uuid constraint suppressions_evidence_event_id_fkey references events (id) on delete set null,
  note             text,
  source           text not null,
  performed_by     uuid constraint suppressions_performed_by_fkey references users (id) on delete set null,
  natural_key      text not null constraint suppressions_natural_key_key unique,
  suppressed_at    timestamptz not null,
  lifted_at        timestamptz,
  lifted_by        uuid constraint suppressions_lifted_by_fkey references users (id) on delete set null,
  lifted_why       text,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  constraint suppressions_address_check check ((contact_kind is null) = (contact_address is null))
);
create index suppressions_lead_id_idx on suppressions (lead_id);
create index suppressions_company_id_idx on suppressions (company_id);
create index suppressions_contact_idx on suppressions (contact_kind, contact_address);
create index suppressions_evidence_event_id_idx on suppressions (evidence_event_id);
create index suppressions_performed_by_idx on suppressions (performed_by);
create index suppressions_lifted_by_idx on suppressions (lifted_by);
create index suppressions_suppressed_at_idx on suppressions (suppressed_at desc, id desc);

comment on table suppressions is 'Who must not be contacted, on which channel, since when and why. Imports and syncs add rows; only a person lifts one.';
comment on column suppressions.id is 'Ours.';
comment on column suppressions.lead_id is 'Person; null: only the address is known, or the person was erased.';
comment on column suppressions.company_id is 'Company, where it holds for everybody there; null: it does not, or only its domain is known.';
comment on column suppressions.contact_kind is 'What contact_address is: email, phone, linkedin, domain; null: it is about the person whatever the address.';
comment on column suppressions.contact_address is 'Canonical address; holds for whoever has it, also for a lead that comes later.';
comment on column suppressions.channel is 'all, email, call, linkedin: what is not to be used.';
comment on column suppressions.reason is 'opt_out, hard_bounce, complaint, do_not_call, do_not_contact, wrong_number, manual, vendor_block_list, imported, …; an open set.';
comment on column suppressions.scope is 'address: this address only, the person may be reached at another; person: with every address; company: everybody there.';
comment on column suppressions.evidence_event_id is 'Event that tells it; null: no event does (a block list, a person''s word).';
comment on column suppressions.note is 'Words of whoever added it.';
comment on column suppressions.source is 'Who told it: instantly, vapi, linkedin, manual, import, …';
comment on column suppressions.performed_by is 'User who added it; null: it came by itself.';
comment on column suppressions.natural_key is 'What makes it one row however often it is told: event:<natural key of the event>:<reason>, instantly:lead:<id>:<reason>, manual:<…>.';
comment on column suppressions.suppressed_at is 'Since when, by the source.';
comment on column suppressions.lifted_at is 'When a person lifted it, or took its touch back; null: it holds.';
comment on column suppressions.lifted_by is 'User who lifted it.';
comment on column suppressions.lifted_why is 'Why, in words.';
comment on column suppressions.created_at is 'When the row was made.';
comment on column suppressions.updated_at is 'When anything of the row last changed.';
alter table suppressions enable row level security;

alter table campaigns
  add column if not exists stops_company boolean;
comment on column campaigns.stops_company is 'Whether a stop of one person stops everybody of the company in this campaign; null: as the workspace has it.';

alter table campaign_leads
  add column if not exists enrolled_at    timestamptz,
  add column if not exists resumed_at     timestamptz,
  add column if not exists stopped_at     timestamptz,
  add column if not exists stop_reason    text,
  add column if not exists stop_event_id  uuid constraint campaign_leads_stop_event_id_fkey references events (id) on delete set null;
create index if not exists campaign_leads_stop_event_id_idx on campaign_leads (stop_event_id);
comment on column campaign_leads.enrolled_at is 'When the person entered the campaign, by the vendor; null: not known. What they said before does not stop it.';
comment on column campaign_leads.resumed_at is 'When a person said that it goes on in spite of what was known by then; null: never.';
comment on column campaign_leads.stopped_at is 'Since when nothing more is to be sent, by the time of what stopped it; null: it goes on.';
comment on column campaign_leads.stop_reason is 'Why (touchline.stop_rules.reason); null: it goes on.';
comment on column campaign_leads.stop_event_id is 'Event that stopped it, in whatever campaign or channel; null: it goes on, or a vendor''s record told it.';

alter table events
  add column if not exists withdrawn_by  uuid constraint events_withdrawn_by_fkey references users (id) on delete set null,
  add column if not exists follow_up_at  timestamptz,
  add column if not exists stops         boolean;
create index if not exists events_withdrawn_by_idx on events (withdrawn_by);
comment on column events.withdrawn_by is 'User who took this touch back.';
comment on column events.follow_up_at is 'When the person is due again, as said with this touch; null: not said.';
comment on column events.stops is 'True: whoever logged it said that everything stops; null: what it is decides.';

alter table lead_identities
  add column if not exists linked_by_event  uuid;
comment on column lead_identities.linked_by_event is 'Event by which a person said that this address is the lead''s; null: a vendor, a list or the lead itself says so.';

create table touchline.stops (
  id          uuid constraint stops_pkey primary key default gen_random_uuid(),
  lead_id     uuid not null constraint stops_lead_id_fkey references leads (id) on delete cascade,
  reason      text not null,
  channel     text not null constraint stops_channel_check check (channel in ('all', 'email', 'call', 'linkedin')),
  event_id    uuid constraint stops_event_id_fkey references events (id) on delete set null,
  since       timestamptz not null,
  noted_at    timestamptz not null,
  ended_at    timestamptz,
  constraint stops_lead_id_reason_key unique (lead_id, reason)
);
create index stops_event_id_idx on touchline.stops (event_id);
comment on table touchline.stops is 'What stopped whom: one row a person and reason. A later one of the same reason adds nothing; one that is taken back ends it.';
comment on column touchline.stops.id is 'Ours.';
comment on column touchline.stops.lead_id is 'Person.';
comment on column touchline.stops.reason is 'Why (stop_rules.reason).';
comment on column touchline.stops.channel is 'all, or the one channel that stops.';
comment on column touchline.stops.event_id is 'Earliest event that says so, a colleague''s where the whole company stops; null: a vendor''s record says so.';
comment on column touchline.stops.since is 'When that happened, by its source.';
comment on column touchline.stops.noted_at is 'When we stopped because of it.';
comment on column touchline.stops.ended_at is 'When it no longer held: taken back, or the person goes on in every campaign; null: it holds.';

create table touchline.stop_receipts (
  id             uuid constraint stop_receipts_pkey primary key default gen_random_uuid(),
  stop_id        uuid not null constraint stop_receipts_stop_id_fkey references touchline.stops (id) on delete cascade,
  target_kind    text not null,
  target_id      text not null,
  campaign_id    uuid constraint stop_receipts_campaign_id_fkey references campaigns (id) on delete set null,
  contact_address text,
  state          text not null default 'waiting' constraint stop_receipts_state_check check (state in ('waiting', 'acknowledged', 'failed', 'unknown', 'called_off')),
  asked_at       timestamptz not null,
  told_at        timestamptz,
  answered_at    timestamptz,
  milliseconds   integer,
  answer         text,
  attempts       integer not null default 0,
  constraint stop_receipts_target_key unique (stop_id, target_kind, target_id)
);
create index stop_receipts_open_idx on touchline.stop_receipts (asked_at, id) where state in ('waiting', 'failed', 'unknown');
create index stop_receipts_campaign_id_idx on touchline.stop_receipts (campaign_id);
comment on table touchline.stop_receipts is 'What was told where for each stop, and the answer. What is not acknowledged is shown red.';
comment on column touchline.stop_receipts.id is 'Ours.';
comment on column touchline.stop_receipts.stop_id is 'Stop.';
comment on column touchline.stop_receipts.target_kind is 'touchline (our own gate), instantly, vapi, linkedin.';
comment on column touchline.stop_receipts.target_id is 'What has to stop there: the vendor''s campaign, or ours where the vendor''s is not known; gate: all sends of ours.';
comment on column touchline.stop_receipts.campaign_id is 'Campaign of ours; null: all.';
comment on column touchline.stop_receipts.contact_address is 'Address by which the vendor knows the person; null: not known.';
comment on column touchline.stop_receipts.state is 'waiting: nobody has told it yet; acknowledged; failed: the answer was no; unknown: told, no answer; called_off: the stop ended first.';
comment on column touchline.stop_receipts.asked_at is 'When the stop asked for it.';
comment on column touchline.stop_receipts.told_at is 'When the target was last told; null: never.';
comment on column touchline.stop_receipts.answered_at is 'When it answered; null: not yet.';
comment on column touchline.stop_receipts.milliseconds is 'From what stopped the person becoming known to the answer, milliseconds.';
comment on column touchline.stop_receipts.answer is 'The answer, in the target''s words or ours.';
comment on column touchline.stop_receipts.attempts is 'How often it was told.';

create table touchline.outbox (
  id               uuid constraint outbox_pkey primary key default gen_random_uuid(),
  lead_id          uuid not null constraint outbox_lead_id_fkey references leads (id) on delete cascade,
  campaign_id      uuid constraint outbox_campaign_id_fkey references campaigns (id) on delete set null,
  channel          text not null constraint outbox_channel_check check (channel in ('email', 'call', 'linkedin')),
  sequence_step    integer,
  contact_address  text,
  dedup_key        text not null,
  by_hand          boolean not null default false,
  state            text not null default 'queued' constraint outbox_state_check check (state in ('queued', 'sending', 'sent', 'blocked', 'unknown', 'failed')),
  block_reason     text,
  attempts         integer not null default 0 constraint outbox_attempts_check check (attempts <= 1),
  answer           text,
  queued_at        timestamptz not null,
  sending_at       timestamptz,
  settled_at       timestamptz,
  constraint outbox_dedup_key_key unique (channel, dedup_key)
);
create unique index outbox_one_open_key on touchline.outbox (lead_id, channel) where state in ('sending', 'unknown');
create index outbox_lead_id_idx on touchline.outbox (lead_id);
create index outbox_campaign_id_idx on touchline.outbox (campaign_id);
create index outbox_queued_idx on touchline.outbox (queued_at, id) where state = 'queued';
comment on table touchline.outbox is 'Touches on their way out. Only touchline.claim moves one from queued to sending, and only once: what is unclear afterwards is never sent again by itself.';
comment on column touchline.outbox.id is 'Ours.';
comment on column touchline.outbox.lead_id is 'Person.';
comment on column touchline.outbox.campaign_id is 'Campaign; null: outside campaigns.';
comment on column touchline.outbox.channel is 'email, call, linkedin.';
comment on column touchline.outbox.sequence_step is 'Step of the sequence, from 1; null: none.';
comment on column touchline.outbox.contact_address is 'Canonical address it goes to; null: the vendor knows.';
comment on column touchline.outbox.dedup_key is 'What makes it one touch, e.g. campaign, person and step: the same again is not queued twice.';
comment on column touchline.outbox.by_hand is 'True: a person sends it knowingly, such as an answer; stops let it pass, suppressions do not.';
comment on column touchline.outbox.state is 'queued, sending, sent, blocked (block_reason says why), unknown (no answer: to be looked up at the vendor), failed.';
comment on column touchline.outbox.block_reason is 'Why it did not go; else null.';
comment on column touchline.outbox.attempts is 'How often it was given to the vendor: at most once.';
comment on column touchline.outbox.answer is 'What the vendor said.';
comment on column touchline.outbox.queued_at is 'When it was queued.';
comment on column touchline.outbox.sending_at is 'When it was claimed.';
comment on column touchline.outbox.settled_at is 'When it was known to be sent, blocked or failed; null: open.';

-- May this person be touched on this channel, else why not: no row, or the reasons.
create view lead_stops as
with holding as not materialized (
  select s.*
    from suppressions s
   where s.lifted_at is null
),
matched as (
  -- the person, or an address of theirs; one that is about an address only is looked at below
  select s.lead_id as of_lead, s.*
    from holding s
   where s.lead_id is not null
     and (s.scope <> 'address' or s.contact_address is null)
  union all
  select i.lead_id, s.*
    from holding s
    join lead_identities i
      on i.identity_kind = s.contact_kind
     and i.identity_value = s.contact_address
   where s.lead_id is distinct from i.lead_id
     and s.scope <> 'address'
  union all
  select l.id, s.*
    from holding s
    join leads l on lower(l.email) = s.contact_address
   where s.contact_kind = 'email'
     and s.lead_id is distinct from l.id
     and s.scope <> 'address'
  union all
  -- the address only: it holds the person up unless they have another that nothing is known against
  select i.lead_id, s.*
    from holding s
    join lead_identities i
      on i.identity_kind = s.contact_kind
     and i.identity_value = s.contact_address
   where s.scope = 'address'
     and not exists (
       select from lead_identities other
        where other.lead_id = i.lead_id
          and other.identity_kind = s.contact_kind
          and other.identity_value <> s.contact_address
          and not exists (
            select from suppressions against
             where against.contact_kind = other.identity_kind
               and against.contact_address = other.identity_value
               and against.lifted_at is null
          )
     )
  union all
  -- everybody of a company: by the company, by its domain, by the domain of the person's own address
  select l.id, s.*
    from holding s
    join leads l on l.company_id = s.company_id
   where s.scope = 'company'
     and s.lead_id is distinct from l.id
  union all
  select l.id, s.*
    from holding s
    join companies c on c.company_domain = s.contact_address
    join leads l on l.company_id = c.id
   where s.contact_kind = 'domain'
     and s.lead_id is distinct from l.id
  union all
  select i.lead_id, s.*
    from holding s
    join lead_identities i
      on i.identity_kind = 'email'
     and split_part(i.identity_value, '@', 2) = s.contact_address
   where s.contact_kind = 'domain'
     and s.lead_id is distinct from i.lead_id
)
select m.of_lead as lead_id,
       m.channel,
       'suppressed' as kind,
       m.reason,
       m.suppressed_at as since,
       m.id as suppression_id,
       m.evidence_event_id as event_id,
       m.note
  from matched m
union all
select s.lead_id,
       s.channel,
       'stopped',
       s.reason,
       s.since,
       null,
       s.event_id,
       null
  from touchline.stops s
 where s.ended_at is null;
comment on view lead_stops is 'Why a person must not be touched on a channel. suppressed: never, until a person lifts it; stopped: nothing goes out by itself, a person may answer. No row: nothing is known against it.';
comment on column lead_stops.lead_id is 'Person.';
comment on column lead_stops.channel is 'all, email, call, linkedin.';
comment on column lead_stops.kind is 'suppressed or stopped.';
comment on column lead_stops.reason is 'Why (suppressions.reason, touchline.stop_rules.reason).';
comment on column lead_stops.since is 'Since when.';
comment on column lead_stops.suppression_id is 'Suppression; null for a stop.';
comment on column lead_stops.event_id is 'Event that tells it; null: none does.';
comment on column lead_stops.note is 'Words of whoever added it.';

do $$
begin
  if current_setting('server_version_num')::integer >= 150000 then
    alter view lead_stops set (security_invoker = true);
  end if;
end
$$;

-- The gate. Locks the person's row, as every stop does: what committed before is seen by the statement after the lock.
create function touchline.claim(outbox_id uuid, at timestamptz)
returns text
language plpgsql
as $$
declare
  waiting touchline.outbox;
  why     text;
begin
  select * into waiting
    from touchline.outbox
   where id = outbox_id
     and state = 'queued'
     for update skip locked;
  if not found then
    return 'none';
  end if;
  perform from leads where id = waiting.lead_id for no key update;
  select s.reason into why
    from lead_stops s
   where s.lead_id = waiting.lead_id
     and s.channel in ('all', waiting.channel)
     and (
       s.kind = 'suppressed'
       or not waiting.by_hand
      and not exists (
            select from campaign_leads m
             where m.lead_id = waiting.lead_id
               and m.campaign_id = waiting.campaign_id
               and m.stopped_at is null
               and (m.resumed_at >= s.since or m.enrolled_at > s.since)
          )
     )
   order by s.kind = 'suppressed' desc, s.since, s.reason
   limit 1;
  if why is null then
    select s.reason into why
      from suppressions s
     where s.contact_address = waiting.contact_address
       and s.contact_kind = case waiting.channel when 'call' then 'phone' else waiting.channel end
       and s.channel in ('all', waiting.channel)
       and s.lifted_at is null
     order by s.suppressed_at, s.id
     limit 1;
  end if;
  if why is not null then
    update touchline.outbox
       set state = 'blocked',
           block_reason = why,
           settled_at = at
     where id = outbox_id;
    return 'blocked';
  end if;
  -- every claim of this person waits for the lock above, so that looking is enough; outbox_one_open_key stands behind it
  if exists (
    select from touchline.outbox o
     where o.lead_id = waiting.lead_id
       and o.channel = waiting.channel
       and o.state in ('sending', 'unknown')
  ) then
    return 'busy';
  end if;
  update touchline.outbox
     set state = 'sending',
         sending_at = at,
         attempts = attempts + 1
   where id = outbox_id;
  return 'go';
end
$$;
comment on function touchline.claim(uuid, timestamptz) is 'Moves one touch from queued to sending: go, blocked, busy (another one of this person and channel is open), none (it is not queued). Called in a transaction of its own, just before the vendor is.';
revoke all on function touchline.claim(uuid, timestamptz) from public;

create index lead_identities_domain_idx on lead_identities (split_part(identity_value, '@', 2)) where identity_kind = 'email';
create index events_manual_idx on events (observed_at desc, id desc) where event_source = 'manual';
