-- One job. $1 id
select *
  from touchline.jobs
 where id = $1
