-- Closes a stream's walk, if this run still owns it: its seen keys go, the next walk begins anew.
-- $1 source, $2 stream, $3 run, $4 everything up to here is stored (null: not known), $5 now, $6 where the next walk
-- begins (null: where the source begins by itself)
with closed as (
  select walk_id
    from touchline.streams
   where source = $1
     and stream = $2
     and run_id = $3
),
forgotten as (
  delete from touchline.walk_pages
   where walk_id in (select walk_id from closed)
)
update touchline.streams
   set walk_id = null,
       walk_started_at = null,
       cursor = $6,
       walked_to_end_at = coalesce($4, walked_to_end_at),
       updated_at = $5
 where source = $1
   and stream = $2
   and run_id = $3
