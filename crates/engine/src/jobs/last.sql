-- The last job of a kind about a subject. $1 kind, $2 subject
select *
  from touchline.jobs
 where kind = $1
   and subject = $2
 order by asked_at desc, id desc
 limit 1
