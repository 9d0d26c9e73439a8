-- 003 csv_imports_raw: every uploaded list, whole, as it was.
create table if not exists csv_imports_raw (
  id             uuid primary key default gen_random_uuid(),
  file_name      text not null,
  raw_data       jsonb not null,
  total_rows     integer not null default 0,
  import_status  text not null default 'uploaded'
                 constraint csv_imports_raw_import_status_check
                 check (import_status in ('uploaded', 'processing', 'completed', 'failed')),
  uploaded_by    uuid constraint csv_imports_raw_uploaded_by_fkey references users (id) on delete set null,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now()
);

create index if not exists csv_imports_raw_uploaded_by_idx on csv_imports_raw (uploaded_by);
create index if not exists csv_imports_raw_created_at_idx on csv_imports_raw (created_at desc);

comment on table csv_imports_raw is 'Uploaded lists: each row is one file, or one part of a file too large for one JSONB value.';
comment on column csv_imports_raw.id is 'Ours.';
comment on column csv_imports_raw.file_name is 'Name of the file as uploaded.';
comment on column csv_imports_raw.raw_data is 'JSON array with one object per CSV row: original strings under original headers.';
comment on column csv_imports_raw.total_rows is 'Rows in raw_data.';
comment on column csv_imports_raw.import_status is 'uploaded, processing, completed or failed.';
comment on column csv_imports_raw.uploaded_by is 'Who uploaded it; null when unknown.';
comment on column csv_imports_raw.created_at is 'When the file arrived.';
comment on column csv_imports_raw.updated_at is 'When anything of the row last changed.';

alter table csv_imports_raw enable row level security;
