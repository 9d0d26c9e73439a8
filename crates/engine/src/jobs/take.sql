-- Jobs that are open, oldest first: those that nobody works on can be locked.
select id
  from touchline.jobs
 where state in ('waiting', 'running')
 order by asked_at, id
 limit 20
