-- How a sync runs and what it leaves behind: cursors, runs, receipts, pages, problems, settings.
create table touchline.streams (
  source            text not null,
  stream            text not null,
  raw_table         text not null,
  cursor            jsonb,
  watermark         timestamptz,
  walk_id           uuid,
  walk_started_at   timestamptz,
  walked_to_end_at  timestamptz,
  run_id            uuid,
  last_batch        uuid,
  updated_at        timestamptz not null default now(),
  primary key (source, stream)
);
comment on table touchline.streams is 'One row a stream: where its walk stands. Written in the same transaction as the page it speaks of.';
comment on column touchline.streams.source is 'Vendor, e.g. instantly.';
comment on column touchline.streams.stream is 'Stream of that vendor, e.g. emails.';
comment on column touchline.streams.raw_table is 'Where its records are kept.';
comment on column touchline.streams.cursor is 'Where the walk under way goes on; null: none under way.';
comment on column touchline.streams.watermark is 'Vendor time up to which an incremental stream is known to be complete; null: never walked to the end.';
comment on column touchline.streams.walk_id is 'Walk under way; groups its pages.';
comment on column touchline.streams.walk_started_at is 'When the walk under way began.';
comment on column touchline.streams.walked_to_end_at is 'When a walk last reached the end: everything the vendor had when that walk began is here.';
comment on column touchline.streams.run_id is 'Run that owns the stream; a run that finds another one here stops.';
comment on column touchline.streams.last_batch is 'Batch committed last: tells a run whether a commit whose answer was lost had happened.';
comment on column touchline.streams.updated_at is 'When the row last changed.';

create table touchline.runs (
  id          uuid primary key,
  source      text not null,
  state       text not null constraint runs_state_check check (state in ('running', 'finished', 'stopped', 'failed')),
  reason      text,
  started_at  timestamptz not null,
  ended_at    timestamptz
);
create index runs_started_at_idx on touchline.runs (source, started_at desc);
comment on table touchline.runs is 'One row a sync: the receipt''s head.';
comment on column touchline.runs.id is 'Ours (UUIDv7).';
comment on column touchline.runs.source is 'Vendor.';
comment on column touchline.runs.state is 'running, finished, stopped (by a person or a brake; goes on next time), failed.';
comment on column touchline.runs.reason is 'Why it stopped or failed; null: it finished.';
comment on column touchline.runs.started_at is 'When it began.';
comment on column touchline.runs.ended_at is 'When it ended; null: under way, or the process was killed.';

create table touchline.receipts (
  run_id           uuid not null constraint receipts_run_id_fkey references touchline.runs (id) on delete cascade,
  stream           text not null,
  state            text not null constraint receipts_state_check check (state in ('running', 'finished', 'stopped', 'failed')),
  reason           text,
  hint             text,
  missing_scope    text,
  pages            bigint not null default 0,
  items            bigint not null default 0,
  bytes            bigint not null default 0,
  new_records      bigint not null default 0,
  changed          bigint not null default 0,
  unchanged        bigint not null default 0,
  stale            bigint not null default 0,
  gone             bigint not null default 0,
  returned         bigint not null default 0,
  set_aside        bigint not null default 0,
  repeated         bigint not null default 0,
  requests         bigint not null default 0,
  retries          bigint not null default 0,
  waited_seconds   double precision not null default 0,
  started_at       timestamptz not null,
  ended_at         timestamptz,
  primary key (run_id, stream)
);
comment on table touchline.receipts is 'One row a stream and run: what came, what it changed, what it cost. items = new + changed + unchanged + stale + returned + set aside + repeated.';
comment on column touchline.receipts.run_id is 'Run.';
comment on column touchline.receipts.stream is 'Stream.';
comment on column touchline.receipts.state is 'running, finished, stopped, failed.';
comment on column touchline.receipts.reason is 'Why it stopped or failed.';
comment on column touchline.receipts.hint is 'What to do next.';
comment on column touchline.receipts.missing_scope is 'Scope the key lacks, where that is why; else null.';
comment on column touchline.receipts.pages is 'Pages stored.';
comment on column touchline.receipts.items is 'Records on those pages.';
comment on column touchline.receipts.bytes is 'Bytes of those pages, decompressed.';
comment on column touchline.receipts.new_records is 'Records seen for the first time.';
comment on column touchline.receipts.changed is 'Records whose payload differs from the one we had.';
comment on column touchline.receipts.unchanged is 'Records that wrote nothing.';
comment on column touchline.receipts.stale is 'Records from a page older than the payload we hold; not stored.';
comment on column touchline.receipts.gone is 'Records that got a tombstone.';
comment on column touchline.receipts.returned is 'Records that came back from a tombstone.';
comment on column touchline.receipts.set_aside is 'Records that could not be keyed; kept in touchline.problems.';
comment on column touchline.receipts.repeated is 'Records that came twice in one batch of pages; stored once.';
comment on column touchline.receipts.requests is 'Requests sent, retries included.';
comment on column touchline.receipts.retries is 'Requests repeated after a failure.';
comment on column touchline.receipts.waited_seconds is 'Time spent waiting for the vendor''s limits and back-off.';
comment on column touchline.receipts.started_at is 'When the stream began in this run.';
comment on column touchline.receipts.ended_at is 'When it ended.';

create table touchline.walk_pages (
  id         bigint generated always as identity primary key,
  walk_id    uuid not null,
  seen_keys  text[] not null
);
create index walk_pages_walk_id_idx on touchline.walk_pages (walk_id);
comment on table touchline.walk_pages is 'Keys seen so far by walks under way: what is missing at the end of a complete walk is gone. Emptied when the walk ends.';
comment on column touchline.walk_pages.id is 'Ours.';
comment on column touchline.walk_pages.walk_id is 'Walk.';
comment on column touchline.walk_pages.seen_keys is 'Keys of the records of one batch of pages.';

create table touchline.changes (
  id            bigint generated always as identity primary key,
  raw_table     text not null,
  record_keys   text[] not null,
  run_id        uuid not null
);
comment on table touchline.changes is 'Raw records that normalisation has not taken up yet, written in the transaction that stored them. Taken out when it has.';
comment on column touchline.changes.id is 'Ours, in order of storing.';
comment on column touchline.changes.raw_table is 'Where the records are.';
comment on column touchline.changes.record_keys is 'Their keys.';
comment on column touchline.changes.run_id is 'Run that stored them.';

create table touchline.subjects (
  source        text not null,
  stream        text not null,
  subject       text not null,
  done_at       timestamptz not null,
  covered_from  date,
  primary key (source, stream, subject)
);
comment on table touchline.subjects is 'For streams asked once per subject (a campaign, a message): when each was last answered.';
comment on column touchline.subjects.source is 'Vendor.';
comment on column touchline.subjects.stream is 'Stream.';
comment on column touchline.subjects.subject is 'Vendor id of the subject; empty: the workspace.';
comment on column touchline.subjects.done_at is 'When the request that was answered last was sent.';
comment on column touchline.subjects.covered_from is 'First day that request asked for; null: no date range.';

create table touchline.problems (
  id             bigint generated always as identity primary key,
  source         text not null,
  stream         text not null,
  kind           text not null,
  detail         text not null,
  payload        bytea,
  occurrences    bigint not null default 1,
  first_seen_at  timestamptz not null,
  last_seen_at   timestamptz not null,
  constraint problems_once_key unique (source, stream, kind, detail)
);
comment on table touchline.problems is 'What needs a look: records set aside with their bytes, unknown codes. The same thing again only counts up.';
comment on column touchline.problems.id is 'Ours.';
comment on column touchline.problems.source is 'Vendor.';
comment on column touchline.problems.stream is 'Stream.';
comment on column touchline.problems.kind is 'unkeyed_record, unknown_code, …';
comment on column touchline.problems.detail is 'What it is, short, without personal data.';
comment on column touchline.problems.payload is 'The bytes, where something was set aside.';
comment on column touchline.problems.occurrences is 'How often it was seen.';
comment on column touchline.problems.first_seen_at is 'First time.';
comment on column touchline.problems.last_seen_at is 'Last time.';

create table touchline.settings (
  name        text primary key,
  value       jsonb not null,
  updated_at  timestamptz not null default now()
);
comment on table touchline.settings is 'Facts about this database, e.g. that it holds the demo.';
comment on column touchline.settings.name is 'Name of the fact.';
comment on column touchline.settings.value is 'Its value.';
comment on column touchline.settings.updated_at is 'When it was last set.';

create or replace view raw_streams as
select s.source,
       s.stream,
       s.raw_table,
       s.walked_to_end_at,
       s.watermark,
       s.cursor is not null as walk_under_way,
       r.state as last_state,
       r.reason as last_reason,
       r.hint as last_hint,
       r.missing_scope as last_missing_scope,
       r.started_at as last_started_at,
       r.ended_at as last_ended_at,
       r.items as last_items,
       r.new_records as last_new_records,
       r.changed as last_changed,
       r.gone as last_gone
  from touchline.streams s
  left join lateral (
    select receipts.*
      from touchline.receipts
     where receipts.stream = s.stream
       and exists (select from touchline.runs where runs.id = receipts.run_id and runs.source = s.source)
     order by receipts.started_at desc
     limit 1
  ) r on true;
comment on view raw_streams is 'Freshness of every raw table: when its stream was last walked to the end, and how its last run went.';

-- Views run with the reader's rights where PostgreSQL can do that (15 and newer); on 14 nobody but the owner has any.
do $$
begin
  if current_setting('server_version_num')::integer >= 150000 then
    alter view raw_streams set (security_invoker = true);
  end if;
end
$$;
