-- 002 raw layer of Instantly (API v2): what the vendor said, each payload whole beside a few extracted columns.
-- No foreign keys among raw tables or into the normalised layer. Only a sync writes here.

create table if not exists instantly_campaigns_raw (
  instantly_campaign_id  text primary key,
  campaign_name          text,
  campaign_status        integer,
  leads_count            integer,
  contacted_count        integer,
  reply_count            integer,
  emails_sent_count      integer,
  raw_json               jsonb not null,
  raw_bytes              bytea,
  payload_sha256         bytea,
  synced_at              timestamptz not null default now(),
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now(),
  gone_at                timestamptz
);

create index if not exists instantly_campaigns_raw_campaign_name_idx on instantly_campaigns_raw (campaign_name);
create index if not exists instantly_campaigns_raw_campaign_status_idx on instantly_campaigns_raw (campaign_status);
create index if not exists instantly_campaigns_raw_synced_at_idx on instantly_campaigns_raw (synced_at desc);

comment on table instantly_campaigns_raw is 'Instantly campaigns with their lifetime counters. Source: GET /api/v2/campaigns/analytics (drafts are not in it).';
comment on column instantly_campaigns_raw.instantly_campaign_id is 'Vendor id (campaign_id).';
comment on column instantly_campaigns_raw.campaign_name is 'campaign_name, as sent; at most 600 characters, the whole is in raw_json.';
comment on column instantly_campaigns_raw.campaign_status is 'Vendor code: 0 draft, 1 active, 2 paused, 3 completed, 4 running subsequences, -1 accounts unhealthy, -2 bounce protect, -99 suspended; unknown codes are kept.';
comment on column instantly_campaigns_raw.leads_count is 'Leads stored at the vendor now; falls when leads are purged.';
comment on column instantly_campaigns_raw.contacted_count is 'Leads whose sequence started.';
comment on column instantly_campaigns_raw.reply_count is 'Replies, automatic ones not counted.';
comment on column instantly_campaigns_raw.emails_sent_count is 'Messages sent.';
comment on column instantly_campaigns_raw.raw_json is 'The payload whole, as the vendor sent it. Where JSONB cannot hold it (U+0000, lone surrogates, repeated keys), a readable rendering; raw_bytes then has the original.';
comment on column instantly_campaigns_raw.raw_bytes is 'The payload as received, byte for byte; only where JSONB cannot hold it, else null.';
comment on column instantly_campaigns_raw.payload_sha256 is 'SHA-256 of the payload as received; null for rows that were there before Touchline.';
comment on column instantly_campaigns_raw.synced_at is 'When the payload as it stands was received. An unchanged record is not rewritten to move this clock; when its stream was last walked to the end stands in raw_streams.';
comment on column instantly_campaigns_raw.created_at is 'When we first saw the record; never moves.';
comment on column instantly_campaigns_raw.updated_at is 'When anything of the row last changed.';
comment on column instantly_campaigns_raw.gone_at is 'Tombstone: when a provably complete walk no longer held the record; null while the vendor has it.';

alter table instantly_campaigns_raw enable row level security;

create table if not exists instantly_accounts_raw (
  email           text primary key,
  first_name      text,
  last_name       text,
  account_status  integer,
  warmup_status   integer,
  warmup_score    integer,
  raw_json        jsonb not null,
  raw_bytes       bytea,
  payload_sha256  bytea,
  synced_at       timestamptz not null default now(),
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  gone_at         timestamptz
);

create index if not exists instantly_accounts_raw_account_status_idx on instantly_accounts_raw (account_status);
create index if not exists instantly_accounts_raw_warmup_score_idx on instantly_accounts_raw (warmup_score desc);

comment on table instantly_accounts_raw is 'Sending accounts (mailboxes). Source: GET /api/v2/accounts.';
comment on column instantly_accounts_raw.email is 'Address of the mailbox: the vendor''s key.';
comment on column instantly_accounts_raw.first_name is 'Sender''s first name.';
comment on column instantly_accounts_raw.last_name is 'Sender''s last name.';
comment on column instantly_accounts_raw.account_status is 'Vendor code: 1 active, 2 paused, 3 maintenance, -1 connection error, -2 soft bounce error, -3 sending error.';
comment on column instantly_accounts_raw.warmup_status is 'Vendor code: 0 paused, 1 active, -1 banned, -2 spam folder unknown, -3 suspended.';
comment on column instantly_accounts_raw.warmup_score is 'stat_warmup_score, 0 to 100; null when not measured.';
comment on column instantly_accounts_raw.raw_json is 'The payload whole, as the vendor sent it. Where JSONB cannot hold it (U+0000, lone surrogates, repeated keys), a readable rendering; raw_bytes then has the original.';
comment on column instantly_accounts_raw.raw_bytes is 'The payload as received, byte for byte; only where JSONB cannot hold it, else null.';
comment on column instantly_accounts_raw.payload_sha256 is 'SHA-256 of the payload as received; null for rows that were there before Touchline.';
comment on column instantly_accounts_raw.synced_at is 'When the payload as it stands was received. An unchanged record is not rewritten to move this clock; when its stream was last walked to the end stands in raw_streams.';
comment on column instantly_accounts_raw.created_at is 'When we first saw the record; never moves.';
comment on column instantly_accounts_raw.updated_at is 'When anything of the row last changed.';
comment on column instantly_accounts_raw.gone_at is 'Tombstone: when a provably complete walk no longer held the record; null while the vendor has it.';

alter table instantly_accounts_raw enable row level security;

create table if not exists instantly_daily_analytics_raw (
  id                     uuid primary key default gen_random_uuid(),
  analytics_date         date not null,
  instantly_campaign_id  text,
  sent                   integer,
  opened                 integer,
  unique_opened          integer,
  replies                integer,
  unique_replies         integer,
  clicks                 integer,
  unique_clicks          integer,
  raw_json               jsonb not null,
  raw_bytes              bytea,
  payload_sha256         bytea,
  synced_at              timestamptz not null default now(),
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now(),
  gone_at                timestamptz
);

create index if not exists instantly_daily_analytics_raw_analytics_date_idx on instantly_daily_analytics_raw (analytics_date);
create index if not exists instantly_daily_analytics_raw_instantly_campaign_id_idx on instantly_daily_analytics_raw (instantly_campaign_id);
create unique index if not exists instantly_daily_analytics_raw_workspace_day_key
  on instantly_daily_analytics_raw (analytics_date) where instantly_campaign_id is null;
create unique index if not exists instantly_daily_analytics_raw_campaign_day_key
  on instantly_daily_analytics_raw (analytics_date, instantly_campaign_id) where instantly_campaign_id is not null;

comment on table instantly_daily_analytics_raw is 'Counters per UTC day, for one campaign or (campaign null) the whole workspace. Source: GET /api/v2/campaigns/analytics/daily.';
comment on column instantly_daily_analytics_raw.id is 'Ours; the vendor''s rows carry none.';
comment on column instantly_daily_analytics_raw.analytics_date is 'UTC calendar day.';
comment on column instantly_daily_analytics_raw.instantly_campaign_id is 'Campaign asked for; null: the workspace''s own row.';
comment on column instantly_daily_analytics_raw.sent is 'Messages sent that day.';
comment on column instantly_daily_analytics_raw.opened is 'Opens.';
comment on column instantly_daily_analytics_raw.unique_opened is 'First opens.';
comment on column instantly_daily_analytics_raw.replies is 'Replies, booked on the day they arrive.';
comment on column instantly_daily_analytics_raw.unique_replies is 'First replies per lead.';
comment on column instantly_daily_analytics_raw.clicks is 'Clicks.';
comment on column instantly_daily_analytics_raw.unique_clicks is 'First clicks per lead.';
comment on column instantly_daily_analytics_raw.raw_json is 'The payload whole, as the vendor sent it. Where JSONB cannot hold it (U+0000, lone surrogates, repeated keys), a readable rendering; raw_bytes then has the original.';
comment on column instantly_daily_analytics_raw.raw_bytes is 'The payload as received, byte for byte; only where JSONB cannot hold it, else null.';
comment on column instantly_daily_analytics_raw.payload_sha256 is 'SHA-256 of the payload as received; null for rows that were there before Touchline.';
comment on column instantly_daily_analytics_raw.synced_at is 'When the payload as it stands was received. An unchanged record is not rewritten to move this clock; when its stream was last walked to the end stands in raw_streams.';
comment on column instantly_daily_analytics_raw.created_at is 'When we first saw the record; never moves.';
comment on column instantly_daily_analytics_raw.updated_at is 'When anything of the row last changed.';
comment on column instantly_daily_analytics_raw.gone_at is 'Tombstone: when a provably complete walk no longer held the record; null while the vendor has it.';

alter table instantly_daily_analytics_raw enable row level security;

create table if not exists instantly_emails_raw (
  id                     uuid primary key default gen_random_uuid(),
  instantly_email_id     text not null constraint instantly_emails_raw_instantly_email_id_key unique,
  instantly_campaign_id  text,
  email_address          text,
  event_type             text,
  event_date             timestamptz,
  raw_json               jsonb not null,
  raw_bytes              bytea,
  payload_sha256         bytea,
  synced_at              timestamptz not null default now(),
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now(),
  gone_at                timestamptz
);

create index if not exists instantly_emails_raw_instantly_campaign_id_idx on instantly_emails_raw (instantly_campaign_id);
create index if not exists instantly_emails_raw_event_type_idx on instantly_emails_raw (event_type);
create index if not exists instantly_emails_raw_event_date_idx on instantly_emails_raw (event_date desc);
create index if not exists instantly_emails_raw_email_address_idx on instantly_emails_raw (email_address);

comment on table instantly_emails_raw is 'Messages of the Unibox: campaign sends, replies, automatic replies, manual mail, scheduled mail. Source: GET /api/v2/emails.';
comment on column instantly_emails_raw.id is 'Ours.';
comment on column instantly_emails_raw.instantly_email_id is 'Vendor id of the message.';
comment on column instantly_emails_raw.instantly_campaign_id is 'Campaign the message belongs to; null for mail outside campaigns.';
comment on column instantly_emails_raw.email_address is 'The lead''s address, canonical; for mail that names no lead, the other party''s.';
comment on column instantly_emails_raw.event_type is 'sent (ue_type 1, 3), replied (2), auto_replied (2, known to be automatic), scheduled (4), else other.';
comment on column instantly_emails_raw.event_date is 'When the message happened: its own header time if sane, else the vendor''s record time.';
comment on column instantly_emails_raw.raw_json is 'The payload whole, as the vendor sent it. Where JSONB cannot hold it (U+0000, lone surrogates, repeated keys), a readable rendering; raw_bytes then has the original.';
comment on column instantly_emails_raw.raw_bytes is 'The payload as received, byte for byte; only where JSONB cannot hold it, else null.';
comment on column instantly_emails_raw.payload_sha256 is 'SHA-256 of the payload as received; null for rows that were there before Touchline.';
comment on column instantly_emails_raw.synced_at is 'When the payload as it stands was received. An unchanged record is not rewritten to move this clock; when its stream was last walked to the end stands in raw_streams.';
comment on column instantly_emails_raw.created_at is 'When we first saw the record; never moves.';
comment on column instantly_emails_raw.updated_at is 'When anything of the row last changed.';
comment on column instantly_emails_raw.gone_at is 'Tombstone: when a provably complete walk no longer held the record; null while the vendor has it.';

alter table instantly_emails_raw enable row level security;

-- lz4 packs large payloads at a third of the CPU of the default; a server built without it keeps the default.
do $$
begin
  alter table instantly_emails_raw alter column raw_json set compression lz4;
exception when feature_not_supported or invalid_parameter_value then
  null;
end
$$;
