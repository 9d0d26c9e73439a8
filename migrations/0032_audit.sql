-- 032 Who did what: every write by a person or a program, noted before it begins. And answers that are given again.
create table touchline.audit (
  id          bigint generated always as identity primary key,
  at          timestamptz not null,
  actor       text not null constraint audit_actor_check check (actor in ('owner', 'user', 'key', 'command', 'system')),
  user_id     uuid,
  key_id      uuid,
  actor_label text not null,
  action      text not null,
  subject     text,
  details     jsonb not null default '{}',
  request_id  uuid not null,
  outcome     text constraint audit_outcome_check check (outcome in ('done', 'refused', 'failed')),
  status      text,
  settled_at  timestamptz,
  constraint audit_settled_check check ((outcome is null) = (settled_at is null))
);
create index audit_user_id_idx on touchline.audit (user_id, id);
create index audit_subject_idx on touchline.audit (subject, id) where subject is not null;
comment on table touchline.audit is 'Who did what and when: every write over pages, API and commands. Append-only; only the outcome is added, once.';
comment on column touchline.audit.id is 'Ours, in order.';
comment on column touchline.audit.at is 'When it was begun.';
comment on column touchline.audit.actor is 'owner (the one user of a workspace without sign-in), user, key, command (the command line), system.';
comment on column touchline.audit.user_id is 'User, where one is known. No foreign key: the entry outlives the row.';
comment on column touchline.audit.key_id is 'Key, where one was used.';
comment on column touchline.audit.actor_label is 'How the actor was called then.';
comment on column touchline.audit.action is 'What was asked: method and route, or the command.';
comment on column touchline.audit.subject is 'What it was about: the ids or names in the route or command; null: nothing in particular.';
comment on column touchline.audit.details is 'Fields that were given; values only where they say nothing about a lead and are no secret.';
comment on column touchline.audit.request_id is 'Ours; also in the answer as x-request-id.';
comment on column touchline.audit.outcome is 'done, refused (nothing was changed), failed; null: under way, or the process ended in the middle.';
comment on column touchline.audit.status is 'HTTP status or exit code; null as long as outcome is.';
comment on column touchline.audit.settled_at is 'When the outcome was known.';

create or replace function touchline.refuse_audit_change() returns trigger
language plpgsql set search_path = '' as $$
begin
  if current_setting('touchline.erasing', true) = 'on' then
    return coalesce(new, old);
  end if;
  if tg_op = 'UPDATE' and old.outcome is null
     and to_jsonb(new) - '{outcome,status,settled_at}'::text[] = to_jsonb(old) - '{outcome,status,settled_at}'::text[] then
    return new;
  end if;
  raise exception 'touchline.audit is append-only: % refused', tg_op
    using hint = 'An entry tells who did what. Only the erasure of a person may change one.';
end
$$;
comment on function touchline.refuse_audit_change() is 'Keeps touchline.audit append-only, for the owner too; an outcome is added once.';
revoke all on function touchline.refuse_audit_change() from public;

create trigger audit_append_only
  before update or delete on touchline.audit
  for each row execute function touchline.refuse_audit_change();
create trigger audit_not_emptied
  before truncate on touchline.audit
  for each statement execute function touchline.refuse_audit_change();

create table touchline.idempotency_keys (
  actor        text not null,
  key          text not null,
  request      bytea not null,
  request_id   uuid not null,
  begun_at     timestamptz not null,
  answered_at  timestamptz,
  status       integer,
  headers      jsonb,
  body         bytea,
  constraint idempotency_keys_pkey primary key (actor, key),
  constraint idempotency_keys_answer_check check ((answered_at is null) = (status is null))
);
create index idempotency_keys_begun_at_idx on touchline.idempotency_keys (begun_at);
comment on table touchline.idempotency_keys is 'Writes over the API that named an Idempotency-Key, with their answers, for a day: the same again is answered from here.';
comment on column touchline.idempotency_keys.actor is 'Whose key it is: keys of different actors are different keys.';
comment on column touchline.idempotency_keys.key is 'The key as it was given.';
comment on column touchline.idempotency_keys.request is 'SHA-256 of method, address and body: another request under the same key is refused.';
comment on column touchline.idempotency_keys.request_id is 'The request that does it.';
comment on column touchline.idempotency_keys.begun_at is 'When it was begun.';
comment on column touchline.idempotency_keys.answered_at is 'When it was answered; null: under way, or the process ended in the middle.';
comment on column touchline.idempotency_keys.status is 'HTTP status of the answer.';
comment on column touchline.idempotency_keys.headers is 'Its headers that are part of the answer.';
comment on column touchline.idempotency_keys.body is 'Its body.';
