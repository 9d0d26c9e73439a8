-- Takes up the job that has been due longest. It is due again in a while whatever becomes of the process, so that one
-- that is killed is not forgotten; a job that takes longer is kept from running twice by the claim on its source.
-- $1 names, $2 now
with due as (
  select name
    from touchline.schedule
   where name = any ($1)
     and next_run_at <= $2
   order by next_run_at, place
   limit 1
     for update skip locked
)
update touchline.schedule s
   set next_run_at = $2 + least(make_interval(secs => s.every_seconds), interval '10 minutes'),
       last_started_at = $2
  from due
 where s.name = due.name
returning s.name
