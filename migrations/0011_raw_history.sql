-- Earlier payloads of every raw table. Append-only: a row is written when a newer payload replaces it, or when a
-- record that had gone comes back. Only an erasure may take rows out (it sets touchline.erasing for its transaction).
create table if not exists raw_history (
  id              bigint generated always as identity primary key,
  raw_table       text not null,
  record_key      text not null,
  raw_json        jsonb not null,
  raw_bytes       bytea,
  payload_sha256  bytea,
  valid_from      timestamptz not null,
  valid_to        timestamptz not null
);

create index if not exists raw_history_record_idx on raw_history (raw_table, record_key, valid_from);

comment on table raw_history is 'Every earlier distinct payload of every raw table, with the time it was valid. Append-only.';
comment on column raw_history.id is 'Ours.';
comment on column raw_history.raw_table is 'Raw table the payload stood in.';
comment on column raw_history.record_key is 'Key of the record there; for tables with a compound key its parts joined by |.';
comment on column raw_history.raw_json is 'The payload whole; where raw_bytes is set, a readable rendering of it.';
comment on column raw_history.raw_bytes is 'The payload byte for byte, where JSONB cannot hold it.';
comment on column raw_history.payload_sha256 is 'SHA-256 of the payload as received; null for rows that were there before Touchline.';
comment on column raw_history.valid_from is 'When it was received (synced_at of the row it stood in).';
comment on column raw_history.valid_to is 'When a newer payload replaced it, or when the record had gone.';

alter table raw_history enable row level security;

create schema if not exists touchline;
comment on schema touchline is 'How Touchline runs: migrations, cursors, runs, receipts, problems. No API exposes it.';
revoke all on schema touchline from public;

create or replace function touchline.refuse_history_change() returns trigger
language plpgsql set search_path = '' as $$
begin
  if current_setting('touchline.erasing', true) = 'on' then
    return null;
  end if;
  raise exception 'raw_history is append-only: % refused', tg_op
    using hint = 'History is what makes a figure explainable. Only an erasure of a person may take rows out.';
end
$$;
comment on function touchline.refuse_history_change() is 'Keeps raw_history append-only, for the owner too.';
revoke all on function touchline.refuse_history_change() from public;

drop trigger if exists raw_history_append_only on raw_history;
create trigger raw_history_append_only
  before update or delete or truncate on raw_history
  for each statement execute function touchline.refuse_history_change();
