-- Takes changes off the list. They go with this transaction: if it fails, they are there again.
-- $1 only this entry; null: all
with taken as (
  delete from touchline.changes
   where $1::bigint is null
      or id = $1
  returning raw_table, record_keys
)
insert into changed (raw_table, record_key)
select taken.raw_table, record_key
  from taken
 cross join unnest(taken.record_keys) as record_key
    on conflict do nothing
