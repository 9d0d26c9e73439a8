-- 018 What Instantly delivers by webhook, in the form of 002: one row an event, however often it is delivered or read
-- again from the vendor's log of deliveries.
create table instantly_webhook_events_raw (
  event_key              text primary key,
  vendor_event_type      text not null,
  event_type             text,
  natural_key            text,
  instantly_campaign_id  text,
  email_address          text,
  instantly_email_id     text,
  event_date             timestamptz,
  sequence_step          integer,
  interest_code          integer,
  raw_json               jsonb not null,
  raw_bytes              bytea,
  payload_sha256         bytea,
  synced_at              timestamptz not null default now(),
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now(),
  gone_at                timestamptz
);

create index instantly_webhook_events_raw_natural_key_idx on instantly_webhook_events_raw (natural_key);
create index instantly_webhook_events_raw_instantly_campaign_id_idx on instantly_webhook_events_raw (instantly_campaign_id);
create index instantly_webhook_events_raw_email_address_idx on instantly_webhook_events_raw (email_address);
create index instantly_webhook_events_raw_vendor_event_type_idx on instantly_webhook_events_raw (vendor_event_type);

comment on table instantly_webhook_events_raw is 'Events that Instantly delivers by webhook: the only source of opens, clicks and the history of interest. Source: deliveries, and GET /api/v2/webhook-events for those that were missed.';
comment on column instantly_webhook_events_raw.event_key is 'SHA-256 over workspace|event_type|campaign_id|lead_email|email_account|step|variant|email_id|timestamp, absent as empty: the body carries no id of its own.';
comment on column instantly_webhook_events_raw.vendor_event_type is 'event_type as sent, at most 600 characters; a custom label comes as its own words.';
comment on column instantly_webhook_events_raw.event_type is 'What it is in our words (events.event_type); other: nobody has explained it to us. Null: no touch of a lead, such as account_error, or a trial delivery.';
comment on column instantly_webhook_events_raw.natural_key is 'The touch it tells of (events.natural_key); several rows may tell of one. Null: no touch.';
comment on column instantly_webhook_events_raw.instantly_campaign_id is 'Campaign; null where the event names none.';
comment on column instantly_webhook_events_raw.email_address is 'Address of the lead, canonical; null where there is none or an unusable one.';
comment on column instantly_webhook_events_raw.instantly_email_id is 'Message it is about, where the event names one.';
comment on column instantly_webhook_events_raw.event_date is 'timestamp: when it happened, not when it was delivered; null where it is no instant of this trade.';
comment on column instantly_webhook_events_raw.sequence_step is 'Step of the sequence, from 1, sent as a number or as text; null: not said.';
comment on column instantly_webhook_events_raw.interest_code is 'Interest it reports, as in instantly_leads_raw; null: none, neutral, or a custom label.';
comment on column instantly_webhook_events_raw.raw_json is 'The payload whole, as it was sent. Where JSONB cannot hold it (U+0000, lone surrogates, repeated keys), a readable rendering; raw_bytes then has the original.';
comment on column instantly_webhook_events_raw.raw_bytes is 'The payload as received, byte for byte; only where JSONB cannot hold it, else null.';
comment on column instantly_webhook_events_raw.payload_sha256 is 'SHA-256 of the payload as received.';
comment on column instantly_webhook_events_raw.synced_at is 'When the payload as it stands was received. The same again writes nothing.';
comment on column instantly_webhook_events_raw.created_at is 'When we first saw the event; never moves.';
comment on column instantly_webhook_events_raw.updated_at is 'When anything of the row last changed.';
comment on column instantly_webhook_events_raw.gone_at is 'Always null: what happened cannot be gone. Here because every raw table has it.';

alter table instantly_webhook_events_raw enable row level security;
