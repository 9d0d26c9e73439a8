-- A job is taken up, unless it ended meanwhile. $1 id, $2 now
update touchline.jobs
   set state = 'running',
       started_at = coalesce(started_at, $2)
 where id = $1
   and state in ('waiting', 'running')
returning *
