-- 025 What Vapi holds and tells, in the form of 002, and phone numbers as a way to know a person.
create function touchline.phone(value text)
returns text
language sql
immutable
set search_path = ''
as $$
  select case
           when bare ~ '^\+[1-9][0-9]{6,14}$' then bare
           when bare ~ '^00[1-9][0-9]{6,14}$' then '+' || substr(bare, 3)
           -- 1, area, exchange, line
           when bare ~ '^1[2-9][0-9]{2}[2-9][0-9]{6}$' then '+' || bare
         end
    from (
      select translate(replace(regexp_replace(btrim(value, E' \t\'"\u00a0'), '^tel:', ''), '(0)', ''), E' ()-./\t\u00a0\u2010\u2011\u2012\u2013\u202f', '') as bare
    ) stripped
$$;
comment on function touchline.phone(text) is 'A phone number as E.164; null where it does not say its country, or is none. The same rule as identity::phone.';
revoke all on function touchline.phone(text) from public;

-- Leads by the end of their number, however it is written: few candidates, which touchline.phone() then judges. Built-in
-- functions only, so that storing a lead stays cheap.
create index leads_phone_end_idx
    on leads (right(translate(phone, E' ()-./+\'"\t\u00a0\u2010\u2011\u2012\u2013\u202f', ''), 7))
 where phone is not null;

alter table lead_identities
  add column derived boolean not null default false;
comment on column lead_identities.derived is 'True: worked out from leads.phone because no other lead has that number; taken back when one does. False: learned from a vendor, a list or a person.';

create index campaigns_vapi_campaign_id_idx on campaigns (vapi_campaign_id);

create table vapi_calls_raw (
  vapi_call_id      text primary key,
  call_type         text,
  call_status       text,
  ended_reason      text,
  ended_bucket      text,
  vapi_campaign_id  text,
  customer_number   text,
  our_ids           uuid[],
  scheduled_for     timestamptz,
  call_created_at   timestamptz,
  call_started_at   timestamptz,
  call_ended_at     timestamptz,
  duration_seconds  integer,
  cost_usd          numeric,
  call_outcome      text,
  customer_spoke    boolean,
  has_recording     boolean,
  raw_json          jsonb not null,
  raw_bytes         bytea,
  payload_sha256    bytea,
  synced_at         timestamptz not null default now(),
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  gone_at           timestamptz
);
create index vapi_calls_raw_vapi_campaign_id_idx on vapi_calls_raw (vapi_campaign_id);
create index vapi_calls_raw_customer_number_idx on vapi_calls_raw (customer_number);
create index vapi_calls_raw_call_created_at_idx on vapi_calls_raw (call_created_at desc);
create index vapi_calls_raw_troubles_idx on vapi_calls_raw (ended_reason) where ended_bucket in ('unknown', 'not_placed');

comment on table vapi_calls_raw is 'Calls as the vendor lists them. Source: GET /call. The vendor keeps calls for 14 days unless one pays for more; what is here stays.';
comment on column vapi_calls_raw.vapi_call_id is 'id.';
comment on column vapi_calls_raw.call_type is 'type: outboundPhoneCall, inboundPhoneCall, webCall, vapi.websocketCall; an open set.';
comment on column vapi_calls_raw.call_status is 'status: scheduled, queued, ringing, in-progress, forwarding, ended, not-found, deletion-failed; an open set.';
comment on column vapi_calls_raw.ended_reason is 'endedReason as text; about 600 values, more each week.';
comment on column vapi_calls_raw.ended_bucket is 'What the reason amounts to, by its prefix: answered, transferred, hook, unclear (the words decide), voicemail, no_answer, busy, bad_number, canceled, not_placed (our account or settings), transport, pipeline; unknown: nobody has explained it to us. Null: not ended.';
comment on column vapi_calls_raw.vapi_campaign_id is 'campaignId; null: a call of its own.';
comment on column vapi_calls_raw.customer_number is 'customer.number as E.164; null: none, or not one.';
comment on column vapi_calls_raw.our_ids is 'Ids that may be ours (a lead''s, an enrollment''s, a campaign''s), the surest first: customer.externalId, then variable values, then metadata.';
comment on column vapi_calls_raw.scheduled_for is 'schedulePlan.earliestAt; null: dialled at once.';
comment on column vapi_calls_raw.call_created_at is 'createdAt.';
comment on column vapi_calls_raw.call_started_at is 'startedAt; null: never connected.';
comment on column vapi_calls_raw.call_ended_at is 'endedAt.';
comment on column vapi_calls_raw.duration_seconds is 'From startedAt to endedAt; null: never connected, or not ended.';
comment on column vapi_calls_raw.cost_usd is 'cost, US dollars.';
comment on column vapi_calls_raw.call_outcome is 'Outcome that the analysis names in our words (structuredData.outcome, or a structured output of that name); null: it names none.';
comment on column vapi_calls_raw.customer_spoke is 'True: the other side said something, be it a person or a mailbox.';
comment on column vapi_calls_raw.has_recording is 'True: there is a recording; GET /api/v1/calls/{vapi_call_id}/recording fetches it.';

create table vapi_messages_raw (
  message_key       text primary key,
  vapi_call_id      text,
  message_type      text not null,
  meaning           text not null,
  call_type         text,
  call_status       text,
  ended_reason      text,
  ended_bucket      text,
  vapi_campaign_id  text,
  customer_number   text,
  our_ids           uuid[],
  scheduled_for     timestamptz,
  call_created_at   timestamptz,
  call_started_at   timestamptz,
  call_ended_at     timestamptz,
  duration_seconds  integer,
  cost_usd          numeric,
  call_outcome      text,
  customer_spoke    boolean,
  has_recording     boolean,
  message_at        timestamptz,
  raw_json          jsonb not null,
  raw_bytes         bytea,
  payload_sha256    bytea,
  synced_at         timestamptz not null default now(),
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  gone_at           timestamptz
);
create index vapi_messages_raw_vapi_call_id_idx on vapi_messages_raw (vapi_call_id);
create index vapi_messages_raw_vapi_campaign_id_idx on vapi_messages_raw (vapi_campaign_id);
create index vapi_messages_raw_customer_number_idx on vapi_messages_raw (customer_number);
create index vapi_messages_raw_troubles_idx on vapi_messages_raw (ended_reason) where ended_bucket in ('unknown', 'not_placed');
create index vapi_messages_raw_message_type_idx on vapi_messages_raw (message_type) where meaning in ('request', 'unknown');

comment on table vapi_messages_raw is 'Messages that Vapi delivers by webhook, one row for each thing it told: a retry is the same row. Chatter during a call (partial transcripts, who speaks) is not kept here; its deliveries are.';
comment on column vapi_messages_raw.message_key is 'Call, type, status and the first half of the payload''s SHA-256, secrets and signed addresses blacked out: these differ between retries.';
comment on column vapi_messages_raw.vapi_call_id is 'call.id; null: about no call.';
comment on column vapi_messages_raw.message_type is 'type, without what a subscription puts in brackets behind it.';
comment on column vapi_messages_raw.meaning is 'call: tells of a call; kept: nothing to conclude from it; request: the vendor waits for an answer that Touchline does not give; unknown: a type nobody has explained to us.';
comment on column vapi_messages_raw.call_type is 'call.type.';
comment on column vapi_messages_raw.call_status is 'status of the message; the call within it is a snapshot from its making. Null: it tells none.';
comment on column vapi_messages_raw.ended_reason is 'endedReason as text.';
comment on column vapi_messages_raw.ended_bucket is 'As in vapi_calls_raw.';
comment on column vapi_messages_raw.vapi_campaign_id is 'call.campaignId, or campaignId of the message.';
comment on column vapi_messages_raw.customer_number is 'Number of the other side as E.164; null: none, or not one.';
comment on column vapi_messages_raw.our_ids is 'As in vapi_calls_raw.';
comment on column vapi_messages_raw.scheduled_for is 'call.schedulePlan.earliestAt.';
comment on column vapi_messages_raw.call_created_at is 'call.createdAt.';
comment on column vapi_messages_raw.call_started_at is 'startedAt of a report.';
comment on column vapi_messages_raw.call_ended_at is 'endedAt of a report.';
comment on column vapi_messages_raw.duration_seconds is 'durationSeconds of a report, rounded, else from startedAt to endedAt.';
comment on column vapi_messages_raw.cost_usd is 'cost of a report, US dollars.';
comment on column vapi_messages_raw.call_outcome is 'As in vapi_calls_raw.';
comment on column vapi_messages_raw.customer_spoke is 'As in vapi_calls_raw.';
comment on column vapi_messages_raw.has_recording is 'As in vapi_calls_raw.';
comment on column vapi_messages_raw.message_at is 'timestamp of the message.';

create table vapi_campaigns_raw (
  vapi_campaign_id  text primary key,
  campaign_name     text,
  campaign_status   text,
  raw_json          jsonb not null,
  raw_bytes         bytea,
  payload_sha256    bytea,
  synced_at         timestamptz not null default now(),
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  gone_at           timestamptz
);
comment on table vapi_campaigns_raw is 'Campaigns that were started inside Vapi. Source: GET /v2/campaign.';
comment on column vapi_campaigns_raw.vapi_campaign_id is 'id.';
comment on column vapi_campaigns_raw.campaign_name is 'name, at most 600 characters.';
comment on column vapi_campaigns_raw.campaign_status is 'status: scheduled, in-progress, ended, cancelled, archived; an open set.';

create table vapi_assistants_raw (
  vapi_assistant_id  text primary key,
  assistant_name     text,
  raw_json           jsonb not null,
  raw_bytes          bytea,
  payload_sha256     bytea,
  synced_at          timestamptz not null default now(),
  created_at         timestamptz not null default now(),
  updated_at         timestamptz not null default now(),
  gone_at            timestamptz
);
comment on table vapi_assistants_raw is 'Assistants, with their words and settings. Source: GET /assistant.';
comment on column vapi_assistants_raw.vapi_assistant_id is 'id.';
comment on column vapi_assistants_raw.assistant_name is 'name, at most 600 characters.';

create table vapi_phone_numbers_raw (
  vapi_phone_number_id  text primary key,
  phone_number          text,
  number_status         text,
  raw_json              jsonb not null,
  raw_bytes             bytea,
  payload_sha256        bytea,
  synced_at             timestamptz not null default now(),
  created_at            timestamptz not null default now(),
  updated_at            timestamptz not null default now(),
  gone_at               timestamptz
);
comment on table vapi_phone_numbers_raw is 'Lines we call from. Source: GET /phone-number.';
comment on column vapi_phone_numbers_raw.vapi_phone_number_id is 'id.';
comment on column vapi_phone_numbers_raw.phone_number is 'number.';
comment on column vapi_phone_numbers_raw.number_status is 'status: active, activating, blocked; an open set.';

-- The columns that every raw table has.
do $$
declare
  raw_table text;
begin
  foreach raw_table in array array['vapi_calls_raw', 'vapi_messages_raw', 'vapi_campaigns_raw', 'vapi_assistants_raw', 'vapi_phone_numbers_raw'] loop
    execute format('alter table %I enable row level security', raw_table);
    execute format('comment on column %I.raw_json is %L', raw_table, 'The payload whole, as it was sent, but for secrets and signed addresses, which say [redacted]. Where JSONB cannot hold it (U+0000, lone surrogates, repeated keys), a readable rendering; raw_bytes then has the original.');
    execute format('comment on column %I.raw_bytes is %L', raw_table, 'The payload byte for byte, redacted likewise; only where JSONB cannot hold it, else null.');
    execute format('comment on column %I.payload_sha256 is %L', raw_table, 'SHA-256 of the payload as it is kept.');
    execute format('comment on column %I.synced_at is %L', raw_table, 'When the payload as it stands was requested or received. The same again writes nothing.');
    execute format('comment on column %I.created_at is %L', raw_table, 'When we first saw it; never moves.');
    execute format('comment on column %I.updated_at is %L', raw_table, 'When anything of the row last changed.');
    execute format('comment on column %I.gone_at is %L', raw_table, 'When a complete walk no longer held it; null: it is there, or the vendor only keeps it for a while.');
  end loop;
end
$$;
