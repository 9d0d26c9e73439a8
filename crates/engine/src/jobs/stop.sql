-- A person wants a job to end. What waits ends at once. $1 id, $2 now
update touchline.jobs
   set stop_asked_at = coalesce(stop_asked_at, $2),
       state = case when state = 'waiting' then 'stopped' else state end,
       ended_at = case when state = 'waiting' then $2 end
 where id = $1
   and state in ('waiting', 'running')
