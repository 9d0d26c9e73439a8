-- Jobs, newest first. $1 only this kind (null: all), $2 how many
select *
  from touchline.jobs
 where $1::text is null
    or kind = $1
 order by asked_at desc, id desc
 limit $2
