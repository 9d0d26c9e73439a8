-- What needs a look, newest first.
select stream,
       kind,
       detail,
       occurrences,
       last_seen_at
  from touchline.problems
 order by last_seen_at desc, id desc
 limit 50
