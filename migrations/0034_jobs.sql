-- 034 Long work that a page or the API asks for: jobs with their progress, files that were received and not imported yet,
-- and what a comparison with the vendor's own counters found.
create table touchline.jobs (
  id                uuid primary key,
  kind              text not null constraint jobs_kind_check check (kind in ('import_check', 'import', 'sync', 'reconcile')),
  subject           text not null default '',
  arguments         jsonb not null default '{}',
  state             text not null default 'waiting' constraint jobs_state_check check (state in ('waiting', 'running', 'finished', 'stopped', 'failed')),
  done              bigint not null default 0,
  total             bigint,
  note              text,
  outcome           jsonb,
  error             text,
  hint              text,
  asked_by          uuid constraint jobs_asked_by_fkey references users (id) on delete set null,
  asked_at          timestamptz not null,
  started_at        timestamptz,
  stop_asked_at     timestamptz,
  ended_at          timestamptz
);
-- The same work asked for twice is one job.
create unique index jobs_open_key on touchline.jobs (kind, subject) where state in ('waiting', 'running');
create index jobs_asked_at_idx on touchline.jobs (asked_at desc, id desc);
create index jobs_asked_by_idx on touchline.jobs (asked_by);
comment on table touchline.jobs is 'Long work that somebody asked for. A job whose process was killed is taken up by the next one.';
comment on column touchline.jobs.id is 'Ours (UUIDv7).';
comment on column touchline.jobs.kind is 'import_check (what an import would do), import, sync, reconcile.';
comment on column touchline.jobs.subject is 'What it is about: an upload, a source; empty: everything.';
comment on column touchline.jobs.arguments is 'What was asked for besides.';
comment on column touchline.jobs.state is 'waiting, running (also after a kill, until it is taken up), finished, stopped (by a person), failed.';
comment on column touchline.jobs.done is 'How much is done: rows of a file, records of a source.';
comment on column touchline.jobs.total is 'Of how much; null: not known.';
comment on column touchline.jobs.note is 'Where it is, in words.';
comment on column touchline.jobs.outcome is 'What came of it; null: not ended, or nothing to tell.';
comment on column touchline.jobs.error is 'What went wrong, where it failed.';
comment on column touchline.jobs.hint is 'What to do about it.';
comment on column touchline.jobs.asked_by is 'Who asked for it; null: nobody signed in, or a program.';
comment on column touchline.jobs.asked_at is 'When it was asked for.';
comment on column touchline.jobs.started_at is 'When it was first taken up.';
comment on column touchline.jobs.stop_asked_at is 'When a person asked it to stop; it ends after the piece at hand.';
comment on column touchline.jobs.ended_at is 'When it ended.';

create table touchline.uploads (
  id             uuid primary key,
  file_name      text not null,
  file_sha256    bytea not null constraint uploads_file_sha256_fkey references touchline.import_files (file_sha256),
  file_bytes     bigint not null,
  fields         jsonb not null default '{}',
  overwrite      boolean not null default false,
  mapping_name   text,
  checked        jsonb,
  import_id      uuid constraint uploads_import_id_fkey references touchline.imports (id) on delete set null,
  uploaded_by    uuid constraint uploads_uploaded_by_fkey references users (id) on delete set null,
  created_at     timestamptz not null,
  updated_at     timestamptz not null
);
create index uploads_created_at_idx on touchline.uploads (created_at desc, id desc);
create index uploads_file_sha256_idx on touchline.uploads (file_sha256);
create index uploads_import_id_idx on touchline.uploads (import_id);
create index uploads_uploaded_by_idx on touchline.uploads (uploaded_by);
comment on table touchline.uploads is 'Files that were received: looked at, corrected, checked, and then imported or left.';
comment on column touchline.uploads.id is 'Ours (UUIDv7).';
comment on column touchline.uploads.file_name is 'Name of the file as it was given.';
comment on column touchline.uploads.file_sha256 is 'Its bytes.';
comment on column touchline.uploads.file_bytes is 'How many they are.';
comment on column touchline.uploads.fields is 'A person''s corrections: column and field; null as field: keep the column as it is.';
comment on column touchline.uploads.overwrite is 'Whether values of the file replace what is there.';
comment on column touchline.uploads.mapping_name is 'Name under which the mapping is to be kept; null: not.';
comment on column touchline.uploads.checked is 'What an import would do, with the first rows of every verdict; null: not worked out for the mapping as it stands.';
comment on column touchline.uploads.import_id is 'The import it became; null: none yet.';
comment on column touchline.uploads.uploaded_by is 'Who gave it; null: nobody signed in.';
comment on column touchline.uploads.created_at is 'When it was received: its bytes are on disk since then.';
comment on column touchline.uploads.updated_at is 'When the row last changed.';

create table touchline.reconciliations (
  id           uuid primary key,
  source       text not null,
  compared_at  timestamptz not null,
  totals       jsonb not null
);
create index reconciliations_compared_at_idx on touchline.reconciliations (source, compared_at desc);
comment on table touchline.reconciliations is 'What comparisons of our totals with a vendor''s own found; the last hundred of a source are kept.';
comment on column touchline.reconciliations.id is 'Ours (UUIDv7).';
comment on column touchline.reconciliations.source is 'Vendor.';
comment on column touchline.reconciliations.compared_at is 'When they were compared.';
comment on column touchline.reconciliations.totals is 'Each total: where, what, ours, vendor''s, whether they can be compared, verdict, why.';
