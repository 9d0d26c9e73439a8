-- 001 users: people who work in Touchline. One person at first; Supabase Auth may come on top without a rename.
create table if not exists users (
  id            uuid primary key default gen_random_uuid(),
  email         text,
  full_name     text,
  organization  text,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  constraint users_email_key unique (email)
);

comment on table users is 'People who work in Touchline. Starts with one (single-user mode).';
comment on column users.id is 'Ours.';
comment on column users.email is 'Sign-in address, unique.';
comment on column users.full_name is 'Name as the person writes it.';
comment on column users.organization is 'Company or team, free text.';
comment on column users.created_at is 'When the row was made.';
comment on column users.updated_at is 'When anything of the row last changed.';

alter table users enable row level security;
