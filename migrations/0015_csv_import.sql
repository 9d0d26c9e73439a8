-- How lists are imported: the bytes as they came, each import with its report, a verdict for each row, what it changed.
create table touchline.import_files (
  file_sha256   bytea primary key,
  size_bytes    bigint not null,
  parts         integer not null,
  created_at    timestamptz not null
);
comment on table touchline.import_files is 'Uploaded files, each kept once however often it is imported.';
comment on column touchline.import_files.file_sha256 is 'SHA-256 of the bytes as uploaded; their identity.';
comment on column touchline.import_files.size_bytes is 'Bytes as uploaded.';
comment on column touchline.import_files.parts is 'How many rows of touchline.import_file_parts hold them.';
comment on column touchline.import_files.created_at is 'When they were first uploaded.';

create table touchline.import_file_parts (
  file_sha256   bytea not null constraint import_file_parts_file_sha256_fkey references touchline.import_files (file_sha256) on delete cascade
                deferrable initially deferred,
  part          integer not null,
  size_bytes    integer not null,
  compressed    bytea not null,
  primary key (file_sha256, part)
);
comment on table touchline.import_file_parts is 'The bytes of uploaded files, in parts: decompressed and put end to end they are the file.';
comment on column touchline.import_file_parts.file_sha256 is 'File.';
comment on column touchline.import_file_parts.part is 'Position within the file, from 1.';
comment on column touchline.import_file_parts.size_bytes is 'Bytes of the part, decompressed.';
comment on column touchline.import_file_parts.compressed is 'The part as one LZ4 block.';
-- They are compressed already.
alter table touchline.import_file_parts alter column compressed set storage external;

create table touchline.imports (
  id                uuid primary key,
  file_name         text not null,
  file_sha256       bytea constraint imports_file_sha256_fkey references touchline.import_files (file_sha256),
  file_bytes        bigint not null default 0,
  state             text not null constraint imports_state_check check (state in ('refused', 'reading', 'completed', 'undone')),
  refusal           text,
  encoding          text,
  delimiter         text,
  quote             text,
  header_line       bigint,
  mapping           jsonb,
  mapping_name      text,
  overwrite         text[] not null default '{}',
  file_notes        text[] not null default '{}',
  read_bytes        bigint not null default 0,
  next_line         bigint not null default 1,
  parts             integer not null default 0,
  rows              bigint not null default 0,
  new_rows          bigint not null default 0,
  updated           bigint not null default 0,
  unchanged         bigint not null default 0,
  duplicate         bigint not null default 0,
  rejected          bigint not null default 0,
  repaired          bigint not null default 0,
  blank_rows        bigint not null default 0,
  companies_new     bigint not null default 0,
  companies_filled  bigint not null default 0,
  notes             jsonb not null default '{}',
  reasons           jsonb not null default '{}',
  uploaded_by       uuid constraint imports_uploaded_by_fkey references users (id) on delete set null,
  started_at        timestamptz not null,
  ended_at          timestamptz,
  undone_at         timestamptz,
  constraint imports_sum_check check (rows = new_rows + updated + unchanged + duplicate + rejected)
);
create index imports_file_sha256_idx on touchline.imports (file_sha256);
create index imports_started_at_idx on touchline.imports (started_at desc);
comment on table touchline.imports is 'One row an import: how the file was read, and the report. rows = new_rows + updated + unchanged + duplicate + rejected, always.';
comment on column touchline.imports.id is 'Ours (UUIDv7).';
comment on column touchline.imports.file_name is 'Name of the file as uploaded.';
comment on column touchline.imports.file_sha256 is 'Its bytes; null: it was refused and not kept.';
comment on column touchline.imports.file_bytes is 'Bytes as uploaded; 0: refused.';
comment on column touchline.imports.state is 'refused; reading (under way, or the process was killed: the same command goes on); completed; undone.';
comment on column touchline.imports.refusal is 'Why the file was refused, as a code; null: it was not.';
comment on column touchline.imports.encoding is 'Encoding it was read in.';
comment on column touchline.imports.delimiter is 'What sets cells apart.';
comment on column touchline.imports.quote is 'What cells are quoted with.';
comment on column touchline.imports.header_line is 'Physical line of the header, from 1.';
comment on column touchline.imports.mapping is 'What each column was taken for, and why.';
comment on column touchline.imports.mapping_name is 'Saved mapping that served; null: none.';
comment on column touchline.imports.overwrite is 'Fields that replaced what was there; others only filled blanks.';
comment on column touchline.imports.file_notes is 'Findings about the whole file, as codes.';
comment on column touchline.imports.read_bytes is 'How far it is done, in bytes of UTF-8. Written in the transaction of its part.';
comment on column touchline.imports.next_line is 'Physical line that comes next.';
comment on column touchline.imports.parts is 'Parts done.';
comment on column touchline.imports.rows is 'Rows with data, the refused ones included.';
comment on column touchline.imports.new_rows is 'Rows that made a lead (in a list of companies: a company).';
comment on column touchline.imports.updated is 'Rows of known people that filled or overwrote something.';
comment on column touchline.imports.unchanged is 'Rows of known people that brought nothing new.';
comment on column touchline.imports.duplicate is 'Rows of people seen earlier in the file.';
comment on column touchline.imports.rejected is 'Rows that made nothing; each with its reason.';
comment on column touchline.imports.repaired is 'Rows among the new, updated and unchanged whose values were changed, dropped or taken from another place.';
comment on column touchline.imports.blank_rows is 'Empty lines, or delimiters and blanks only; not among rows.';
comment on column touchline.imports.companies_new is 'Companies made.';
comment on column touchline.imports.companies_filled is 'Companies that got a blank filled.';
comment on column touchline.imports.notes is 'How many rows have each note, by code.';
comment on column touchline.imports.reasons is 'How many rows were refused, by reason.';
comment on column touchline.imports.uploaded_by is 'Who uploaded it; null when unknown.';
comment on column touchline.imports.started_at is 'When it began.';
comment on column touchline.imports.ended_at is 'When it ended; null: it has not.';
comment on column touchline.imports.undone_at is 'When it was taken back; null: it was not.';

create table touchline.import_parts (
  import_id      uuid not null constraint import_parts_import_id_fkey references touchline.imports (id) on delete cascade,
  part           integer not null,
  csv_import_id  uuid not null constraint import_parts_csv_import_id_fkey references csv_imports_raw (id) on delete cascade,
  primary key (import_id, part)
);
create index import_parts_csv_import_id_idx on touchline.import_parts (csv_import_id);
comment on table touchline.import_parts is 'Which rows of csv_imports_raw hold an import''s rows.';
comment on column touchline.import_parts.import_id is 'Import.';
comment on column touchline.import_parts.part is 'Position, from 1.';
comment on column touchline.import_parts.csv_import_id is 'The part.';

create table touchline.import_rows (
  import_id        uuid not null,
  line             bigint not null,
  part             integer not null,
  position         integer not null,
  outcome          text not null,
  reason           text,
  joins_line       bigint,
  notes            text[],
  lead_id          uuid,
  company_id       uuid,
  lead_written     bytea,
  company_written  bytea,
  primary key (import_id, line)
);
create index import_rows_lead_id_idx on touchline.import_rows (lead_id) where lead_id is not null;
create index import_rows_company_id_idx on touchline.import_rows (company_id) where lead_id is null and company_id is not null;
comment on table touchline.import_rows is 'The verdict on every row of every import.';
comment on column touchline.import_rows.import_id is 'Import.';
comment on column touchline.import_rows.line is 'Physical line the row starts on; the first of the file is 1.';
comment on column touchline.import_rows.part is 'Part it is kept in.';
comment on column touchline.import_rows.position is 'Position in that part''s raw_data, from 1.';
comment on column touchline.import_rows.outcome is 'new, updated, unchanged, duplicate or rejected.';
comment on column touchline.import_rows.reason is 'Why it was refused, or counts as a duplicate; else null.';
comment on column touchline.import_rows.joins_line is 'Of a duplicate: the line of the same person it joins.';
comment on column touchline.import_rows.notes is 'What was changed or noticed, as codes; null: nothing.';
comment on column touchline.import_rows.lead_id is 'The lead; null: none. Not a reference: the verdict outlives the lead.';
comment on column touchline.import_rows.company_id is 'The company; null: none. Not a reference either.';
comment on column touchline.import_rows.lead_written is 'Set where the row made the lead: a digest of what was written, to see whether it was touched since.';
comment on column touchline.import_rows.company_written is 'As lead_written, where the row made the company.';

create table touchline.import_changes (
  id           bigint generated always as identity primary key,
  import_id    uuid not null constraint import_changes_import_id_fkey references touchline.imports (id) on delete cascade,
  entity       text not null constraint import_changes_entity_check check (entity in ('lead', 'company')),
  record_id    uuid not null,
  before       jsonb not null,
  after        jsonb not null
);
create index import_changes_import_id_idx on touchline.import_changes (import_id);
comment on table touchline.import_changes is 'What an import filled or overwrote in rows that were there: undo puts it back where it still stands.';
comment on column touchline.import_changes.id is 'Ours, in order of doing.';
comment on column touchline.import_changes.import_id is 'Import.';
comment on column touchline.import_changes.entity is 'lead or company.';
comment on column touchline.import_changes.record_id is 'Which one.';
comment on column touchline.import_changes.before is 'Changed columns as they were; of apollo_data only the changed keys.';
comment on column touchline.import_changes.after is 'The same as written.';

create table touchline.import_mappings (
  mapping_name  text primary key,
  shape         bytea not null,
  fields        jsonb not null,
  created_at    timestamptz not null,
  updated_at    timestamptz not null
);
create index import_mappings_shape_idx on touchline.import_mappings (shape);
comment on table touchline.import_mappings is 'What columns mean, corrected by a person and kept under a name; offered again for files of the same shape.';
comment on column touchline.import_mappings.mapping_name is 'Name.';
comment on column touchline.import_mappings.shape is 'Digest of the headers, whatever their order and spelling.';
comment on column touchline.import_mappings.fields is 'Pairs of header and field; null: kept in apollo_data only.';
comment on column touchline.import_mappings.created_at is 'When it was first saved.';
comment on column touchline.import_mappings.updated_at is 'When it was last saved.';

-- What the keys of later objects would add to an object: keys it lacks or has blank; the earliest object wins.
create function touchline.blanks_filled(object jsonb, further jsonb[])
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(key, value), '{}')
    from (
      select distinct on (e.key) e.key, e.value
        from unnest(further) with ordinality as f (item, position)
       cross join jsonb_each(f.item) as e (key, value)
       where e.value <> '""'
         and coalesce(object -> e.key, '""') = '""'
       order by e.key, f.position
    ) filled
$$;
comment on function touchline.blanks_filled(jsonb, jsonb[]) is 'Keys and values of further objects that the object lacks or has blank.';
revoke all on function touchline.blanks_filled(jsonb, jsonb[]) from public;

-- The same text is put together where the import writes: a lead or company with another digest was touched since.
create function touchline.written(variadic columns text[])
returns bytea
language sql
immutable
set search_path = ''
as $$
  select substr(sha256(convert_to(array_to_string(columns, E'\x1f', ''), 'UTF8')), 1, 8)
$$;
comment on function touchline.written(text[]) is 'Digest of the columns an import wrote.';
revoke all on function touchline.written(text[]) from public;

-- LZ4 takes a third of the time where the server has it.
do $$
begin
  alter table csv_imports_raw alter column raw_data set compression lz4;
  alter table leads alter column apollo_data set compression lz4;
  alter table companies alter column apollo_data set compression lz4;
exception
  when feature_not_supported then null;
end
$$;
