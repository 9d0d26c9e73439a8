-- What a target said. $1 receipt, $2 state, $3 answer, $4 now
update touchline.stop_receipts r
   set state = $2,
       answer = $3,
       answered_at = $4,
       milliseconds = least(2147483647, greatest(0, extract(epoch from $4 - coalesce(e.observed_at, s.noted_at)) * 1000))::integer
  from touchline.stops s
  left join events e on e.id = s.event_id
 where r.id = $1
   and s.id = r.stop_id
   and r.state in ('waiting', 'failed', 'unknown')
