-- Takes a job into the schedule: a new one is due at once, and how often it runs follows the program.
-- $1 name, $2 source, $3 place, $4 seconds, $5 now
insert into touchline.schedule as s (name, source, place, every_seconds, next_run_at)
values ($1, $2, $3, $4, $5)
    on conflict (name) do update
   set source = excluded.source,
       place = excluded.place,
       every_seconds = excluded.every_seconds,
       next_run_at = least(s.next_run_at, $5 + make_interval(secs => excluded.every_seconds))
 where (s.source, s.place, s.every_seconds) is distinct from (excluded.source, excluded.place, excluded.every_seconds)
