-- Takes changes off the list, the oldest first. They go with this transaction: if it fails, they are there again.
-- $1 only this entry, $2 entries until they hold so many records (null: all)
with oldest as (
  select id,
         sum(cardinality(record_keys)) over (order by id) - cardinality(record_keys) as records_before
    from (
      select id, record_keys
        from touchline.changes
       where $1::bigint is null
          or id = $1
       order by id
       limit $2
    ) entries
),
taken as (
  delete from touchline.changes
   where id in (select id from oldest where $2::bigint is null or records_before < $2)
  returning raw_table, record_keys
)
insert into changed (raw_table, record_key)
select taken.raw_table, record_key
  from taken
 cross join unnest(taken.record_keys) as record_key
    on conflict do nothing
