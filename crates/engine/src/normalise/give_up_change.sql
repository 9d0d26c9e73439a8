-- A record whose meaning cannot be worked out leaves the list and is told; raw keeps it whole. It is tried again when
-- it changes, and by a rebuild. $1 entry, $2 what went wrong, $3 now
with taken as (
  delete from touchline.changes
   where id = $1
  returning raw_table, record_keys[1] as record_key
)
insert into touchline.problems (source, stream, kind, detail, first_seen_at, last_seen_at)
select split_part(raw_table, '_', 1),
       raw_table,
       'not_normalised',
       left(record_key || ': ' || $2, 1000),
       $3,
       $3
  from taken
    on conflict (source, stream, kind, detail) do update
   set occurrences = touchline.problems.occurrences + 1,
       last_seen_at = excluded.last_seen_at
