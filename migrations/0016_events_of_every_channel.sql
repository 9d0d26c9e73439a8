-- 016 What calls, LinkedIn and webhooks say beyond 009, and how an event finds its person on any channel.
alter table events
  add column if not exists contact_kind       text not null default 'email',
  add column if not exists call_outcome       text,
  add column if not exists call_ended_reason  text,
  add column if not exists call_summary       text,
  add column if not exists call_cost_usd      numeric,
  add column if not exists interest_status    integer,
  add column if not exists withdrawn_at       timestamptz;

comment on column events.contact_kind is 'What contact_address is: email, phone (E.164), linkedin (canonical profile); the identity_kind of lead_identities.';
comment on column events.call_outcome is 'What came of a touch, in our words: interested, not_interested, meeting, callback, wrong_number, do_not_call, voicemail, no_answer, busy, failed, other; null: not said.';
comment on column events.call_ended_reason is 'The vendor''s own reason, as text; an open set.';
comment on column events.call_summary is 'The vendor''s summary of the call.';
comment on column events.call_cost_usd is 'What the call cost, US dollars.';
comment on column events.interest_status is 'Interest this event set, in the codes of campaign_leads.interest_status; null: it set none, which is not 0.';
comment on column events.withdrawn_at is 'When a person took this touch back; it no longer counts, and stays to be seen. Null: it counts.';

drop index if exists events_unmatched_idx;
create index events_unmatched_idx on events (contact_kind, contact_address) where lead_id is null;
