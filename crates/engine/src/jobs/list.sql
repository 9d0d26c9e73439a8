-- Jobs, newest first. $1 only this kind (null: all), $2 how many, $3 and $4 the last job of the page before
select *
  from touchline.jobs
 where ($1::text is null or kind = $1)
   and ($3::timestamptz is null or (asked_at, id) < ($3, $4::uuid))
 order by asked_at desc, id desc
 limit $2
