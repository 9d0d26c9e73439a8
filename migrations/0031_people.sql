-- 031 Who may enter: what a user may do, and the passwords, sessions, set-up links and keys by which we know them again.
alter table users
  add column if not exists role             text not null default 'member',
  add column if not exists disabled_at      timestamptz,
  add column if not exists last_sign_in_at  timestamptz;
alter table users drop constraint if exists users_role_check;
alter table users add constraint users_role_check check (role in ('admin', 'member', 'reader'));

-- Whoever was alone here did everything so far.
update users set role = 'admin' where (select count(*) from users) = 1;

comment on column users.role is 'What the person may do: admin (everything), member (the daily work; no users, keys, connections or settings), reader (look only).';
comment on column users.disabled_at is 'From when on the person can no longer enter; null: may enter. The row stays, because what they did names it.';
comment on column users.last_sign_in_at is 'When the person last signed in; null: never.';

create table touchline.passwords (
  user_id   uuid primary key constraint passwords_user_id_fkey references users (id) on delete cascade,
  argon2    text not null,
  set_at    timestamptz not null
);
comment on table touchline.passwords is 'Passwords of users. Beside users and not in it, so that nobody who may read users reads them.';
comment on column touchline.passwords.user_id is 'User.';
comment on column touchline.passwords.argon2 is 'Argon2id hash in PHC form, with its salt and cost.';
comment on column touchline.passwords.set_at is 'When it was chosen.';

create table touchline.sessions (
  id            uuid primary key,
  user_id       uuid not null constraint sessions_user_id_fkey references users (id) on delete cascade,
  sha256        bytea not null constraint sessions_sha256_key unique,
  created_at    timestamptz not null,
  last_seen_at  timestamptz not null,
  expires_at    timestamptz not null,
  ended_at      timestamptz,
  address       text not null default '',
  user_agent    text not null default ''
);
create index sessions_user_id_idx on touchline.sessions (user_id, created_at);
comment on table touchline.sessions is 'Browsers that are signed in.';
comment on column touchline.sessions.id is 'Ours (UUIDv7); says nothing about the cookie.';
comment on column touchline.sessions.user_id is 'Who signed in.';
comment on column touchline.sessions.sha256 is 'SHA-256 of the cookie. It has 256 random bits, so no slow hash is needed.';
comment on column touchline.sessions.created_at is 'When it began.';
comment on column touchline.sessions.last_seen_at is 'When it was last used, to about a minute.';
comment on column touchline.sessions.expires_at is 'Until when it is accepted; moves on with use, up to 90 days from its beginning.';
comment on column touchline.sessions.ended_at is 'When it was ended by a person; null: not.';
comment on column touchline.sessions.address is 'Network address it began from.';
comment on column touchline.sessions.user_agent is 'Browser it began in, as it names itself.';

create table touchline.setup_links (
  id          uuid primary key,
  sha256      bytea not null constraint setup_links_sha256_key unique,
  user_id     uuid constraint setup_links_user_id_fkey references users (id) on delete cascade,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  closed_at   timestamptz
);
create index setup_links_user_id_idx on touchline.setup_links (user_id);
comment on table touchline.setup_links is 'Links by which a person chooses a password, once. Closed ones never open again.';
comment on column touchline.setup_links.id is 'Ours (UUIDv7).';
comment on column touchline.setup_links.sha256 is 'SHA-256 of the secret in the link.';
comment on column touchline.setup_links.user_id is 'Whose password; null: it makes the first admin, and is closed once there is one.';
comment on column touchline.setup_links.created_at is 'When it was given out.';
comment on column touchline.setup_links.expires_at is 'Until when it opens.';
comment on column touchline.setup_links.closed_at is 'When it was used, or replaced by a newer one; null: it opens.';

create table touchline.sign_in_attempts (
  kind      text not null constraint sign_in_attempts_kind_check check (kind in ('account', 'address')),
  sha256    bytea not null,
  began_at  timestamptz not null,
  failed    integer not null,
  constraint sign_in_attempts_pkey primary key (kind, sha256)
);
create index sign_in_attempts_began_at_idx on touchline.sign_in_attempts (began_at);
comment on table touchline.sign_in_attempts is 'Failed sign-ins of the present quarter of an hour, counted per account and per network address. Old rows are taken out.';
comment on column touchline.sign_in_attempts.kind is 'account or address.';
comment on column touchline.sign_in_attempts.sha256 is 'SHA-256 of the account or address that was given: strangers may write anything there.';
comment on column touchline.sign_in_attempts.began_at is 'When this quarter of an hour began.';
comment on column touchline.sign_in_attempts.failed is 'Attempts since then that did not succeed.';

create table touchline.api_keys (
  id            uuid primary key,
  user_id       uuid constraint api_keys_user_id_fkey references users (id) on delete cascade,
  label         text not null,
  hint          text not null,
  sha256        bytea not null constraint api_keys_sha256_key unique,
  scopes        text[] not null,
  created_at    timestamptz not null,
  expires_at    timestamptz,
  revoked_at    timestamptz,
  last_used_at  timestamptz
);
create index api_keys_user_id_idx on touchline.api_keys (user_id);
comment on table touchline.api_keys is 'Keys by which programs enter the API.';
comment on column touchline.api_keys.id is 'Ours (UUIDv7).';
comment on column touchline.api_keys.user_id is 'In whose name it acts, and whose role bounds it; null: the database''s owner, who made it by command.';
comment on column touchline.api_keys.label is 'What people call it.';
comment on column touchline.api_keys.hint is 'Its beginning, to tell keys apart.';
comment on column touchline.api_keys.sha256 is 'SHA-256 of the key. It has 256 random bits, so no slow hash is needed.';
comment on column touchline.api_keys.scopes is 'What it may do: read, touches, campaigns, imports, sync, connections, settings, people.';
comment on column touchline.api_keys.created_at is 'When it was made.';
comment on column touchline.api_keys.expires_at is 'Until when it is accepted; null: no end.';
comment on column touchline.api_keys.revoked_at is 'From when on it is refused; null: live.';
comment on column touchline.api_keys.last_used_at is 'When it was last used, to about a minute; null: never.';
