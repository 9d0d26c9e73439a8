-- Takes a stream over for a run and says where its walk goes on; begins a walk where none is under way or all is to
-- be walked again. $1 source, $2 stream, $3 raw table, $4 run, $5 id for a new walk, $6 now, $7 walk all again,
-- $8 cursor for that
insert into touchline.streams as s (source, stream, raw_table, run_id, walk_id, walk_started_at, cursor, updated_at)
values ($1, $2, $3, $4, $5, $6, $8, $6)
on conflict (source, stream) do update
   set run_id = excluded.run_id,
       walk_id = case when $7 then excluded.walk_id else coalesce(s.walk_id, excluded.walk_id) end,
       walk_started_at = case
                           when $7 or s.walk_id is null then excluded.walk_started_at
                           else s.walk_started_at
                         end,
       cursor = case when $7 then excluded.cursor else s.cursor end,
       updated_at = excluded.updated_at
returning s.walk_id, s.walk_started_at, s.cursor, s.watermark, s.walked_to_end_at
