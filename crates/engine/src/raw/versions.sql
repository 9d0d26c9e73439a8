-- Every payload of one record with the time it was valid, newest first. $1 raw table, $2 record key
select coalesce(t.synced_at, t.created_at) as valid_from,
       t.gone_at as valid_to,
       t.gone_at is not null as gone,
       t.raw_json,
       t.raw_bytes
  from {table} t
 where {key} = $2
union all
select h.valid_from,
       h.valid_to,
       false as gone,
       h.raw_json,
       h.raw_bytes
  from raw_history h
 where h.raw_table = $1
   and h.record_key = $2
 order by valid_from desc
