-- Runs with the sums of their receipts, newest first. $1 run before this time, $2 and this id (null: from the newest),
-- $3 how many
select r.id,
       r.source,
       r.state,
       r.reason,
       r.started_at,
       r.ended_at,
       s.streams,
       s.items,
       s.new_records,
       s.changed,
       s.requests,
       s.bytes
  from touchline.runs r
 cross join lateral (
   select count(*) as streams,
          coalesce(sum(items), 0)::bigint as items,
          coalesce(sum(new_records), 0)::bigint as new_records,
          coalesce(sum(changed), 0)::bigint as changed,
          coalesce(sum(requests), 0)::bigint as requests,
          coalesce(sum(bytes), 0)::bigint as bytes
     from touchline.receipts
    where run_id = r.id
 ) s
 where $1::timestamptz is null
    or (r.started_at, r.id) < ($1, $2::uuid)
 order by r.started_at desc, r.id desc
 limit $3
