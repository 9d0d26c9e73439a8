-- 038 Whom an Instantly workspace does not write to: its block list in the form of 002, and the rule for who stands on it.
create table instantly_block_list_raw (
  instantly_block_id  text primary key,
  contact_kind        text,
  contact_address     text,
  raw_json            jsonb not null,
  raw_bytes           bytea,
  payload_sha256      bytea,
  synced_at           timestamptz not null default now(),
  created_at          timestamptz not null default now(),
  updated_at          timestamptz not null default now(),
  gone_at             timestamptz
);

create index instantly_block_list_raw_contact_address_idx on instantly_block_list_raw (contact_address);

comment on table instantly_block_list_raw is 'The block list of the workspace: addresses and whole domains that it does not write to. Source: GET /api/v2/block-lists-entries.';
comment on column instantly_block_list_raw.instantly_block_id is 'Vendor id (id).';
comment on column instantly_block_list_raw.contact_kind is 'email or domain (is_domain); null where bl_value is neither.';
comment on column instantly_block_list_raw.contact_address is 'bl_value, canonical; null where it is no usable address or domain.';
comment on column instantly_block_list_raw.raw_json is 'The payload whole, as the vendor sent it. Where JSONB cannot hold it (U+0000, lone surrogates, repeated keys), a readable rendering; raw_bytes then has the original.';
comment on column instantly_block_list_raw.raw_bytes is 'The payload as received, byte for byte; only where JSONB cannot hold it, else null.';
comment on column instantly_block_list_raw.payload_sha256 is 'SHA-256 of the payload as received.';
comment on column instantly_block_list_raw.synced_at is 'When the payload as it stands was received. An unchanged record is not rewritten to move this clock; when its stream was last walked to the end stands in raw_streams.';
comment on column instantly_block_list_raw.created_at is 'When we first saw the record; never moves.';
comment on column instantly_block_list_raw.updated_at is 'When anything of the row last changed.';
comment on column instantly_block_list_raw.gone_at is 'Always null: what leaves the list lifts nothing, so its absence is not looked for. Here because every raw table has it.';

alter table instantly_block_list_raw enable row level security;

-- It is about mail alone, and no answer: other channels go on.
insert into touchline.stop_rules (reason, position, stops, suppresses, scope, overall_status, elsewhere_status, words)
values ('block_list', 14, 'nothing', 'email', 'person', null, null, 'is on a block list');
