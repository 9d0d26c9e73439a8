-- 019 What LinkedIn tools tell by webhook or list, in the form of 002: one row for each thing they told.
create table linkedin_events_raw (
  event_key          text primary key,
  provider           text not null,
  vendor_event_type  text not null,
  event_type         text not null,
  natural_key        text,
  linkedin_profile   text,
  email_address      text,
  sender_account     text,
  campaign_ref       text,
  campaign_name      text,
  message_text       text,
  event_date         timestamptz,
  raw_json           jsonb not null,
  raw_bytes          bytea,
  payload_sha256     bytea,
  synced_at          timestamptz not null default now(),
  created_at         timestamptz not null default now(),
  updated_at         timestamptz not null default now(),
  gone_at            timestamptz
);


create index linkedin_events_raw_natural_key_idx on linkedin_events_raw (natural_key);
create index linkedin_events_raw_linkedin_profile_idx on linkedin_events_raw (linkedin_profile);
create index linkedin_events_raw_email_address_idx on linkedin_events_raw (email_address);
create index linkedin_events_raw_vendor_event_type_idx on linkedin_events_raw (provider, vendor_event_type);
create index linkedin_events_raw_campaign_name_idx on linkedin_events_raw (lower(btrim(campaign_name)));

comment on table linkedin_events_raw is 'What HeyReach, Expandi, lemlist, PhantomBuster, Dripify, Unipile, Prosp, our own address and lists of touches told of LinkedIn. Source: deliveries, and files.';
comment on column linkedin_events_raw.event_key is 'SHA-256 over provider, event as named, lead, sender, campaign, second, words and the tool''s own id: retries and second subscriptions are one row.';
comment on column linkedin_events_raw.provider is 'heyreach, expandi, lemlist, phantombuster, dripify, unipile, prosp, generic, csv, …';
comment on column linkedin_events_raw.vendor_event_type is 'The event as the tool names it, else as the address did, at most 600 characters.';
comment on column linkedin_events_raw.event_type is 'What it is in our words (events.event_type); other: nobody has explained it to us.';
comment on column linkedin_events_raw.natural_key is 'The touch it tells of (events.natural_key); several rows may tell of one. Null: about no person.';
comment on column linkedin_events_raw.linkedin_profile is 'Profile of the lead, canonical: in/<public name>, else in/<member id>; null: not said.';
comment on column linkedin_events_raw.email_address is 'Address of the lead, canonical; null: not said.';
comment on column linkedin_events_raw.sender_account is 'Who of ours, as the tool names the account.';
comment on column linkedin_events_raw.campaign_ref is 'The tool''s id of its campaign.';
comment on column linkedin_events_raw.campaign_name is 'The tool''s name of its campaign; one of ours with that name and LinkedIn switched on is meant.';
comment on column linkedin_events_raw.message_text is 'Words of the message the event is about.';
comment on column linkedin_events_raw.event_date is 'When it happened; a day without a time is its midnight, UTC. Null: not said.';
comment on column linkedin_events_raw.raw_json is 'The payload whole, as it was sent. Where JSONB cannot hold it (U+0000, lone surrogates, repeated keys), a readable rendering; raw_bytes then has the original.';
comment on column linkedin_events_raw.raw_bytes is 'The payload as received, byte for byte; only where JSONB cannot hold it, else null.';
comment on column linkedin_events_raw.payload_sha256 is 'SHA-256 of the payload as received.';
comment on column linkedin_events_raw.synced_at is 'When the payload as it stands was received. The same again writes nothing.';
comment on column linkedin_events_raw.created_at is 'When we first saw the event; never moves.';
comment on column linkedin_events_raw.updated_at is 'When anything of the row last changed.';
comment on column linkedin_events_raw.gone_at is 'Always null: what happened cannot be gone. Here because every raw table has it.';

alter table linkedin_events_raw enable row level security;
