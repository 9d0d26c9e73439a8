-- A job ended. $1 id, $2 state, $3 outcome, $4 error, $5 hint, $6 now
update touchline.jobs
   set state = $2,
       outcome = $3,
       error = $4,
       hint = $5,
       ended_at = $6
 where id = $1
