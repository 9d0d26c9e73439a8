-- 029 What runs by itself, and when; trial deliveries; how the webhooks stand at the vendor.
create table touchline.schedule (
  name             text primary key,
  source           text not null,
  place            integer not null,
  every_seconds    integer not null constraint schedule_every_seconds_check check (every_seconds > 0),
  next_run_at      timestamptz not null,
  last_started_at  timestamptz,
  last_ended_at    timestamptz,
  last_state       text constraint schedule_last_state_check check (last_state in ('finished', 'stopped', 'failed', 'waiting')),
  last_reason      text,
  failures         integer not null default 0
);
comment on table touchline.schedule is 'What runs by itself while a server is up, one row a job; kept so that a restart goes on where the last process stopped.';
comment on column touchline.schedule.name is 'Job, e.g. instantly_heal.';
comment on column touchline.schedule.source is 'Vendor it asks.';
comment on column touchline.schedule.place is 'Order among jobs that are due at the same time.';
comment on column touchline.schedule.every_seconds is 'How often it runs, seconds.';
comment on column touchline.schedule.next_run_at is 'When it is due. Moved on when it begins, so that one that was killed is tried again soon.';
comment on column touchline.schedule.last_started_at is 'When it last began; null: never.';
comment on column touchline.schedule.last_ended_at is 'When it last ended; null: never. Before last_started_at: it runs, or its process was killed.';
comment on column touchline.schedule.last_state is 'finished; stopped (goes on next time); failed; waiting (another run of the source was under way). Null: never ended.';
comment on column touchline.schedule.last_reason is 'Why it stopped, failed or waits; else null.';
comment on column touchline.schedule.failures is 'Failures in a row; each makes the pause before the next try longer, up to every_seconds.';

alter table touchline.connection_secrets add column is_trial boolean not null default false;
comment on column touchline.connection_secrets.is_trial is 'Made for one trial delivery: what comes by it is stored and is no event.';
alter table touchline.deliveries add column is_trial boolean not null default false;
comment on column touchline.deliveries.is_trial is 'Sent by ourselves to try the connection out: stored, and no event.';

alter table touchline.connections add column webhook_state text constraint connections_webhook_state_check check (webhook_state in ('active', 'disabled', 'missing'));
comment on column touchline.connections.webhook_state is 'How its webhook stood at the vendor when we last looked: active, disabled (nothing is delivered), missing (deleted there). Null: never looked, or nobody to ask.';
alter table touchline.connections add column webhook_checked_at timestamptz;
comment on column touchline.connections.webhook_checked_at is 'When we last looked; null: never.';
alter table touchline.connections add column webhook_resumed_at timestamptz;
comment on column touchline.connections.webhook_resumed_at is 'When we last switched it on again after the vendor had switched it off; null: never needed.';
