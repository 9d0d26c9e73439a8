-- Runs that never ended: their process was killed. The run about to begin goes on from their cursors.
-- $1 source, $2 now, $3 the run about to begin
with killed as (
  update touchline.runs
     set state = 'stopped',
         reason = 'the process ended in the middle; the next run went on from there',
         ended_at = $2
   where source = $1
     and state = 'running'
     and id <> $3
  returning id
)
update touchline.receipts r
   set state = 'stopped',
       reason = 'the process ended in the middle; the next run went on from there',
       ended_at = $2
  from killed
 where r.run_id = killed.id
   and r.state = 'running'
