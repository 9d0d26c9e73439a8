-- Writes how a job ended and when it is due again: at its next turn, or sooner where it did not come to its end.
-- $1 name, $2 state, $3 reason, $4 now, $5 seconds until it goes on (null: its turn)
update touchline.schedule
   set last_ended_at = $4,
       last_state = $2,
       last_reason = $3,
       failures = case when $2 = 'failed' then failures + 1 else 0 end,
       next_run_at = case
                       when $2 = 'failed' then $4 + least(
                         make_interval(secs => every_seconds),
                         make_interval(secs => 30 * 2 ^ least(failures, 12)))
                       when $5::double precision is not null then $4 + make_interval(secs => $5)
                       else greatest(last_started_at + make_interval(secs => every_seconds), $4)
                     end
 where name = $1
