-- Every job, in the order they take.
select name,
       source,
       every_seconds,
       next_run_at,
       last_started_at,
       last_ended_at,
       last_state,
       last_reason
  from touchline.schedule
 order by place, name
