-- What vendors send us by webhook: who may send, and every delivery as it came.
create table touchline.connections (
  id                uuid primary key,
  source            text not null,
  provider          text not null default '',
  label             text not null,
  proof             jsonb not null,
  webhook_id        text,
  last_delivery_at  timestamptz,
  created_at        timestamptz not null,
  removed_at        timestamptz
);
comment on table touchline.connections is 'Who may send webhook deliveries, one row an address that was given out. Removed ones stay: their deliveries name them.';
comment on column touchline.connections.id is 'Ours (UUIDv7).';
comment on column touchline.connections.source is 'Vendor: instantly, vapi, linkedin.';
comment on column touchline.connections.provider is 'Tool behind the source where it stands for several, e.g. heyreach; empty: none is named.';
comment on column touchline.connections.label is 'What people call it.';
comment on column touchline.connections.proof is 'What a delivery has to show besides the secret in its address: nothing, a header (its name), or an HMAC (how it is put together). Holds no secret.';
comment on column touchline.connections.webhook_id is 'The vendor''s id of the webhook, where we made it there by API; else null.';
comment on column touchline.connections.last_delivery_at is 'When the newest delivery that has been worked through came; null: none yet.';
comment on column touchline.connections.created_at is 'When it was made.';
comment on column touchline.connections.removed_at is 'From when on its deliveries are refused; null: live.';

create table touchline.connection_secrets (
  id             bigint generated always as identity primary key,
  connection_id  uuid not null constraint connection_secrets_connection_id_fkey references touchline.connections (id) on delete cascade,
  kind           text not null constraint connection_secrets_kind_check check (kind in ('path', 'header', 'hmac')),
  sha256         bytea not null,
  sealed         bytea,
  valid_until    timestamptz,
  created_at     timestamptz not null,
  constraint connection_secrets_sealed_check check ((kind = 'hmac') = (sealed is not null))
);
create unique index connection_secrets_path_key on touchline.connection_secrets (sha256) where kind = 'path';
create index connection_secrets_connection_id_idx on touchline.connection_secrets (connection_id);
comment on table touchline.connection_secrets is 'What proves that a delivery is from its sender. While secrets change, the one before is valid for a while, too.';
comment on column touchline.connection_secrets.id is 'Ours.';
comment on column touchline.connection_secrets.connection_id is 'Connection.';
comment on column touchline.connection_secrets.kind is 'path: part of the address; header: the value of a header; hmac: the key of a signature.';
comment on column touchline.connection_secrets.sha256 is 'SHA-256 of the secret. It has 256 random bits, so no slow hash is needed.';
comment on column touchline.connection_secrets.sealed is 'The key of an HMAC, encrypted (AES-256-GCM) with a key that is not in this database; null for the others.';
comment on column touchline.connection_secrets.valid_until is 'Until when it is accepted; null: it is the current one.';
comment on column touchline.connection_secrets.created_at is 'When it was made.';

create table touchline.deliveries (
  id             uuid primary key,
  connection_id  uuid not null,
  source         text not null,
  provider       text not null,
  event          text,
  received_at    timestamptz not null,
  headers        jsonb not null,
  body           bytea not null,
  encoding       text,
  signature      bytea,
  state          text not null default 'waiting' constraint deliveries_state_check check (state in ('waiting', 'understood', 'set_aside')),
  reason         text,
  attempts       integer not null default 0,
  settled_at     timestamptz
);
-- In the order of receipt: ids are UUIDv7. A delivery leaves the index when it is settled, so it stays small.
create index deliveries_waiting_idx on touchline.deliveries (id) where state = 'waiting';
create index deliveries_set_aside_idx on touchline.deliveries (id) where state = 'set_aside';
create unique index deliveries_signature_key on touchline.deliveries (connection_id, signature) where signature is not null;
comment on table touchline.deliveries is 'Every webhook delivery that was authentic, as it came; committed before it was answered. No foreign key: a check a row would cost more than the row, and connections are never deleted.';
comment on column touchline.deliveries.id is 'Ours (UUIDv7), made on receipt; tells a commit whose answer was lost.';
comment on column touchline.deliveries.connection_id is 'Connection it came by.';
comment on column touchline.deliveries.source is 'Vendor.';
comment on column touchline.deliveries.provider is 'Tool behind the source; empty: none is named.';
comment on column touchline.deliveries.event is 'The event that the address named; null: none.';
comment on column touchline.deliveries.received_at is 'When it came.';
comment on column touchline.deliveries.headers is 'Its headers, names in lower case; secrets are left out.';
comment on column touchline.deliveries.body is 'Its body, decompressed; any bytes. Secrets that the vendor put into it are blacked out.';
comment on column touchline.deliveries.encoding is 'How the body is still compressed, where we could not undo it; null: it is as the vendor wrote it.';
comment on column touchline.deliveries.signature is 'Its HMAC, where it has one: the same again is a replay and refused.';
comment on column touchline.deliveries.state is 'waiting, understood (its records are in the raw tables), set_aside (reason says why).';
comment on column touchline.deliveries.reason is 'Why it was set aside; else null.';
comment on column touchline.deliveries.attempts is 'How often it was taken up, written before the work: one that ends the process is known by it.';
comment on column touchline.deliveries.settled_at is 'When it was understood or set aside; null: it waits.';

-- LZ4 takes a third of the time where the server has it.
do $$
begin
  alter table touchline.deliveries alter column body set compression lz4;
exception
  when feature_not_supported then null;
end
$$;
