-- Further raw tables of Instantly in the form of 002: configuration, leads, steps, messages read one by one.
-- (instantly_leads_raw and instantly_steps_raw may have been made by hand; migrate adopts them.)

create table if not exists instantly_campaign_configs_raw (
  instantly_campaign_id  text primary key,
  campaign_name          text,
  campaign_status        integer,
  raw_json               jsonb not null,
  raw_bytes              bytea,
  payload_sha256         bytea,
  synced_at              timestamptz not null default now(),
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now(),
  gone_at                timestamptz
);

create index if not exists instantly_campaign_configs_raw_synced_at_idx on instantly_campaign_configs_raw (synced_at desc);

comment on table instantly_campaign_configs_raw is 'Campaign configuration: sequence steps with the text of every variant, schedule, settings. Source: GET /api/v2/campaigns.';
comment on column instantly_campaign_configs_raw.instantly_campaign_id is 'Vendor id (id).';
comment on column instantly_campaign_configs_raw.campaign_name is 'name, at most 600 characters.';
comment on column instantly_campaign_configs_raw.campaign_status is 'Vendor code as in instantly_campaigns_raw; drafts are here, not there.';
comment on column instantly_campaign_configs_raw.raw_json is 'The payload whole, as the vendor sent it. Where JSONB cannot hold it (U+0000, lone surrogates, repeated keys), a readable rendering; raw_bytes then has the original.';
comment on column instantly_campaign_configs_raw.raw_bytes is 'The payload as received, byte for byte; only where JSONB cannot hold it, else null.';
comment on column instantly_campaign_configs_raw.payload_sha256 is 'SHA-256 of the payload as received; null for rows that were there before Touchline.';
comment on column instantly_campaign_configs_raw.synced_at is 'When the payload as it stands was received. An unchanged record is not rewritten to move this clock; when its stream was last walked to the end stands in raw_streams.';
comment on column instantly_campaign_configs_raw.created_at is 'When we first saw the record; never moves.';
comment on column instantly_campaign_configs_raw.updated_at is 'When anything of the row last changed.';
comment on column instantly_campaign_configs_raw.gone_at is 'Tombstone: when a provably complete walk no longer held the record; null while the vendor has it.';

alter table instantly_campaign_configs_raw enable row level security;

create table if not exists instantly_leads_raw (
  id                     uuid primary key default gen_random_uuid(),
  instantly_lead_id      text not null constraint instantly_leads_raw_instantly_lead_id_key unique,
  instantly_campaign_id  text,
  email_address          text,
  lead_domain            text,
  lead_code              integer,
  interest_code          integer,
  raw_json               jsonb not null,
  raw_bytes              bytea,
  payload_sha256         bytea,
  synced_at              timestamptz not null default now(),
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now(),
  gone_at                timestamptz
);

create index if not exists instantly_leads_raw_instantly_campaign_id_idx on instantly_leads_raw (instantly_campaign_id);
create index if not exists instantly_leads_raw_email_address_idx on instantly_leads_raw (email_address);

comment on table instantly_leads_raw is 'Leads as Instantly holds them, with all custom variables (payload). One row per vendor lead: a person in three campaigns is three rows. Source: POST /api/v2/leads/list.';
comment on column instantly_leads_raw.id is 'Ours.';
comment on column instantly_leads_raw.instantly_lead_id is 'Vendor id of the lead.';
comment on column instantly_leads_raw.instantly_campaign_id is 'Campaign the lead is in; null for a lead of a list.';
comment on column instantly_leads_raw.email_address is 'Address, canonical; null where the vendor has none or an unusable one.';
comment on column instantly_leads_raw.lead_domain is 'Registrable domain that stands for the company: website first, then the e-mail domain unless free mail; null when there is none.';
comment on column instantly_leads_raw.lead_code is 'Vendor status: 1 active, 2 paused, 3 completed, -1 bounced, -2 unsubscribed, -3 skipped.';
comment on column instantly_leads_raw.interest_code is 'lt_interest_status: 0 out of office, 1 interested, 2 meeting booked, 3 meeting completed, 4 won, -1 not interested, -2 wrong person, -3 lost, -4 no show, others custom; null: never set.';
comment on column instantly_leads_raw.raw_json is 'The payload whole, as the vendor sent it. Where JSONB cannot hold it (U+0000, lone surrogates, repeated keys), a readable rendering; raw_bytes then has the original.';
comment on column instantly_leads_raw.raw_bytes is 'The payload as received, byte for byte; only where JSONB cannot hold it, else null.';
comment on column instantly_leads_raw.payload_sha256 is 'SHA-256 of the payload as received; null for rows that were there before Touchline.';
comment on column instantly_leads_raw.synced_at is 'When the payload as it stands was received. An unchanged record is not rewritten to move this clock; when its stream was last walked to the end stands in raw_streams.';
comment on column instantly_leads_raw.created_at is 'When we first saw the record; never moves.';
comment on column instantly_leads_raw.updated_at is 'When anything of the row last changed.';
comment on column instantly_leads_raw.gone_at is 'Tombstone: when a provably complete walk no longer held the record; null while the vendor has it.';

alter table instantly_leads_raw enable row level security;

create table if not exists instantly_steps_raw (
  id                     uuid primary key default gen_random_uuid(),
  step_key               text constraint instantly_steps_raw_step_key_key unique,
  instantly_campaign_id  text,
  step_label             text,
  variant_label          text,
  raw_json               jsonb not null,
  raw_bytes              bytea,
  payload_sha256         bytea,
  synced_at              timestamptz not null default now(),
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now(),
  gone_at                timestamptz
);

create index if not exists instantly_steps_raw_instantly_campaign_id_idx on instantly_steps_raw (instantly_campaign_id);

comment on table instantly_steps_raw is 'Counters per campaign, step and variant. Source: GET /api/v2/campaigns/analytics/steps.';
comment on column instantly_steps_raw.id is 'Ours.';
comment on column instantly_steps_raw.step_key is 'campaign|step|variant, a missing part empty; null for rows that were there before Touchline.';
comment on column instantly_steps_raw.instantly_campaign_id is 'Campaign asked for.';
comment on column instantly_steps_raw.step_label is 'step as the vendor names it, from 1; null: events that could not be attributed.';
comment on column instantly_steps_raw.variant_label is 'variant as the vendor names it, 0 = A; null: unknown.';
comment on column instantly_steps_raw.raw_json is 'The payload whole, as the vendor sent it. Where JSONB cannot hold it (U+0000, lone surrogates, repeated keys), a readable rendering; raw_bytes then has the original.';
comment on column instantly_steps_raw.raw_bytes is 'The payload as received, byte for byte; only where JSONB cannot hold it, else null.';
comment on column instantly_steps_raw.payload_sha256 is 'SHA-256 of the payload as received; null for rows that were there before Touchline.';
comment on column instantly_steps_raw.synced_at is 'When the payload as it stands was received. An unchanged record is not rewritten to move this clock; when its stream was last walked to the end stands in raw_streams.';
comment on column instantly_steps_raw.created_at is 'When we first saw the record; never moves.';
comment on column instantly_steps_raw.updated_at is 'When anything of the row last changed.';
comment on column instantly_steps_raw.gone_at is 'Tombstone: when a provably complete walk no longer held the record; null while the vendor has it.';

alter table instantly_steps_raw enable row level security;

create table if not exists instantly_email_details_raw (
  instantly_email_id  text primary key,
  is_auto_reply       boolean,
  raw_json            jsonb not null,
  raw_bytes           bytea,
  payload_sha256      bytea,
  synced_at           timestamptz not null default now(),
  created_at          timestamptz not null default now(),
  updated_at          timestamptz not null default now(),
  gone_at             timestamptz
);


comment on table instantly_email_details_raw is 'Received messages read one by one: the only place where the vendor says whether a reply was automatic (is_auto_reply). Source: GET /api/v2/emails/{id}.';
comment on column instantly_email_details_raw.instantly_email_id is 'Vendor id of the message.';
comment on column instantly_email_details_raw.is_auto_reply is 'The vendor''s verdict; null: not given.';
comment on column instantly_email_details_raw.raw_json is 'The payload whole, as the vendor sent it. Where JSONB cannot hold it (U+0000, lone surrogates, repeated keys), a readable rendering; raw_bytes then has the original.';
comment on column instantly_email_details_raw.raw_bytes is 'The payload as received, byte for byte; only where JSONB cannot hold it, else null.';
comment on column instantly_email_details_raw.payload_sha256 is 'SHA-256 of the payload as received; null for rows that were there before Touchline.';
comment on column instantly_email_details_raw.synced_at is 'When the payload as it stands was received. An unchanged record is not rewritten to move this clock; when its stream was last walked to the end stands in raw_streams.';
comment on column instantly_email_details_raw.created_at is 'When we first saw the record; never moves.';
comment on column instantly_email_details_raw.updated_at is 'When anything of the row last changed.';
comment on column instantly_email_details_raw.gone_at is 'Tombstone: when a provably complete walk no longer held the record; null while the vendor has it.';

alter table instantly_email_details_raw enable row level security;
-- Rows of a hand-made instantly_steps_raw get the key we store by, so that the first sync finds them again.
update instantly_steps_raw s
   set step_key = k.step_key,
       step_label = nullif(split_part(k.step_key, '|', 2), ''),
       variant_label = nullif(split_part(k.step_key, '|', 3), '')
  from (
    select distinct on (step_key) id, step_key
      from (
        select id,
               created_at,
               instantly_campaign_id || '|' || coalesce(raw_json ->> 'step', '') || '|' || coalesce(raw_json ->> 'variant', '') as step_key
          from instantly_steps_raw
         where step_key is null
           and jsonb_typeof(raw_json -> 'sent') in ('number', 'string')
      ) keyed
     where step_key is not null
     order by step_key, created_at, id
  ) k
 where s.id = k.id
   and not exists (select from instantly_steps_raw other where other.step_key = k.step_key);
