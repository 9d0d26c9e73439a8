-- 035 What people did to many leads at once: whom it was about, what became of each, and the way back.
create table touchline.bulk_actions (
  id            uuid primary key,
  action        text not null constraint bulk_actions_action_check check (action in ('add_to_campaign', 'remove_from_campaign', 'set_status', 'suppress')),
  campaign_id   uuid constraint bulk_actions_campaign_id_fkey references campaigns (id) on delete set null,
  lead_status   text,
  channel       text,
  reason        text,
  note          text,
  filter        jsonb,
  leads         bigint not null default 0,
  changed       bigint not null default 0,
  performed_by  uuid constraint bulk_actions_performed_by_fkey references users (id) on delete set null,
  performed_at  timestamptz not null,
  undone_by     uuid constraint bulk_actions_undone_by_fkey references users (id) on delete set null,
  undone_at     timestamptz
);
create index bulk_actions_performed_at_idx on touchline.bulk_actions (performed_at desc, id desc);
create index bulk_actions_campaign_id_idx on touchline.bulk_actions (campaign_id);
create index bulk_actions_performed_by_idx on touchline.bulk_actions (performed_by);
create index bulk_actions_undone_by_idx on touchline.bulk_actions (undone_by);
comment on table touchline.bulk_actions is 'What people did to many leads at once. Taken back as a whole; a row stays either way.';
comment on column touchline.bulk_actions.id is 'Ours (UUIDv7).';
comment on column touchline.bulk_actions.action is 'add_to_campaign, remove_from_campaign, set_status, suppress.';
comment on column touchline.bulk_actions.campaign_id is 'Campaign it was about; null: none, or it is gone.';
comment on column touchline.bulk_actions.lead_status is 'Status that was set; null: none was.';
comment on column touchline.bulk_actions.channel is 'Channel of the suppressions: all, email, call, linkedin; null: none were made.';
comment on column touchline.bulk_actions.reason is 'Reason of the suppressions; null: none were made.';
comment on column touchline.bulk_actions.note is 'Why, in a person''s words.';
comment on column touchline.bulk_actions.filter is 'Filter whose leads were meant; null: they were chosen one by one.';
comment on column touchline.bulk_actions.leads is 'How many leads were meant.';
comment on column touchline.bulk_actions.changed is 'Of these, with how many something was done.';
comment on column touchline.bulk_actions.performed_by is 'Who did it; null: nobody signed in.';
comment on column touchline.bulk_actions.performed_at is 'When.';
comment on column touchline.bulk_actions.undone_by is 'Who took it back; null: nobody, or nobody signed in.';
comment on column touchline.bulk_actions.undone_at is 'When it was taken back; null: it holds.';

create table touchline.bulk_leads (
  action_id    uuid not null constraint bulk_leads_action_id_fkey references touchline.bulk_actions (id) on delete cascade,
  lead_id      uuid not null constraint bulk_leads_lead_id_fkey references leads (id) on delete cascade,
  verdict      text,
  why          text,
  status_was   text,
  event_id     uuid,
  constraint bulk_leads_pkey primary key (action_id, lead_id)
);
create index bulk_leads_lead_id_idx on touchline.bulk_leads (lead_id);
comment on table touchline.bulk_leads is 'Whom an action was about, and what became of each.';
comment on column touchline.bulk_leads.action_id is 'Action.';
comment on column touchline.bulk_leads.lead_id is 'Lead.';
comment on column touchline.bulk_leads.verdict is 'added, back_in, already_in, suppressed; removed, not_in; changed, same; null: not judged yet.';
comment on column touchline.bulk_leads.why is 'Why nothing was done, or what to know.';
comment on column touchline.bulk_leads.status_was is 'Status before; null: it was not changed.';
comment on column touchline.bulk_leads.event_id is 'Event on the timeline that tells of it; null: none does.';
