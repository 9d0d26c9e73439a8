-- Notes how far a job is; tells whether a person wants it to end. $1 id, $2 done, $3 total, $4 in words
update touchline.jobs
   set done = $2,
       total = $3,
       note = $4
 where id = $1
returning stop_asked_at is not null
