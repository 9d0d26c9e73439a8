-- What was decided about the queue since an instant. $1 since
select count(*) filter (where decision = 'done') as done,
       count(*) filter (where decision = 'skip') as skipped,
       count(*) filter (where decision = 'snooze') as snoozed
  from touchline.decisions_in_force
 where decided_at >= $1
