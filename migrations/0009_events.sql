-- 009 events: one timeline for every touch on every channel. Sources and types are open sets: a new one needs no migration.
create table if not exists events (
  id                     uuid primary key default gen_random_uuid(),
  event_source           text not null,
  event_type             text not null,
  lead_id                uuid constraint events_lead_id_fkey references leads (id) on delete set null,
  campaign_id            uuid constraint events_campaign_id_fkey references campaigns (id) on delete set null,
  campaign_lead_id       uuid constraint events_campaign_lead_id_fkey references campaign_leads (id) on delete set null,
  event_timestamp        timestamptz not null,
  email_subject          text,
  email_body             text,
  instantly_email_id     text,
  call_duration_seconds  integer,
  call_recording_url     text,
  call_transcript        text,
  vapi_call_id           text,
  linkedin_message_text  text,
  note_text              text,
  performed_by           uuid constraint events_performed_by_fkey references users (id) on delete set null,
  raw_data               jsonb,
  natural_key            text constraint events_natural_key_key unique,
  contact_address        text,
  sequence_step          integer,
  observed_at            timestamptz not null default now(),
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now()
);

create index if not exists events_lead_timeline_idx on events (lead_id, event_timestamp desc, id desc);
create index if not exists events_campaign_id_idx on events (campaign_id, event_timestamp desc);
create index if not exists events_campaign_lead_id_idx on events (campaign_lead_id);
create index if not exists events_event_timestamp_idx on events (event_timestamp desc);
create index if not exists events_instantly_email_id_idx on events (instantly_email_id);
create index if not exists events_vapi_call_id_idx on events (vapi_call_id);
create index if not exists events_performed_by_idx on events (performed_by);
create index if not exists events_unmatched_idx on events (contact_address) where lead_id is null;

comment on table events is 'One row a touch, however often and by whichever road it came. Deleting a lead does not delete its history.';
comment on column events.id is 'Ours.';
comment on column events.event_source is 'instantly, vapi, linkedin, manual, system, or whatever comes next.';
comment on column events.event_type is 'email_sent, email_replied, email_auto_replied, email_received, email_opened, email_clicked, email_bounced, call_initiated, call_answered, call_completed, call_voicemail, call_failed, connection_sent, connection_accepted, message_sent, message_replied, note_added, status_changed, …';
comment on column events.lead_id is 'Person; null: unknown, shown as unmatched and linked when the person is known.';
comment on column events.campaign_id is 'Campaign; null: outside campaigns.';
comment on column events.campaign_lead_id is 'Enrollment; null: not in a campaign, or person unknown.';
comment on column events.event_timestamp is 'When it happened, by the source (theirs).';
comment on column events.email_subject is 'Subject of the message.';
comment on column events.email_body is 'Words of the message: its text part, else its HTML.';
comment on column events.instantly_email_id is 'Soft link to instantly_emails_raw.';
comment on column events.call_duration_seconds is 'Length of the call.';
comment on column events.call_recording_url is 'Where the recording lies.';
comment on column events.call_transcript is 'Transcript of the call.';
comment on column events.vapi_call_id is 'Vendor id of the call.';
comment on column events.linkedin_message_text is 'Words of the LinkedIn message.';
comment on column events.note_text is 'Words of a note.';
comment on column events.performed_by is 'Who did it, for touches people made.';
comment on column events.raw_data is 'The full event as its source gave it.';
comment on column events.natural_key is 'What makes the touch one row by every road, e.g. instantly:email:<vendor id>; null for rows that were there before Touchline.';
comment on column events.contact_address is 'Canonical address of the other party; how an unmatched event finds its person.';
comment on column events.sequence_step is 'Step of the sequence, from 1; null: not part of one.';
comment on column events.observed_at is 'When we learned of it.';
comment on column events.created_at is 'When the row was made.';
comment on column events.updated_at is 'When anything of the row last changed.';

alter table events enable row level security;
