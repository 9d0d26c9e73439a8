-- An entry of the list of changes becomes two. $1 entry
with whole as (
  delete from touchline.changes
   where id = $1
  returning raw_table, record_keys, run_id, cardinality(record_keys) / 2 as middle
)
insert into touchline.changes (raw_table, record_keys, run_id)
select raw_table, record_keys[:middle], run_id
  from whole
union all
select raw_table, record_keys[middle + 1:], run_id
  from whole
