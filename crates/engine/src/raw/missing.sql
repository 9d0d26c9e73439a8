-- Live records that a complete walk was bound to show and did not. Records that came while it walked do not count.
-- $1 walk, $2 when it began
with seen as materialized (
  select unnest(seen_keys) as record_key
    from touchline.walk_pages
   where walk_id = $1
),
live as materialized (
  select {key} as record_key
    from {table} t
   where t.gone_at is null
     and t.created_at < $2
     and {scope}
)
select (select count(*) from live) as live,
       coalesce(array_agg(live.record_key), '{}') as missing_keys
  from live
 where not exists (select from seen where seen.record_key = live.record_key)
