-- Moves a stream to where its newest page leads, if this run still owns it. Gives back the batch committed before.
-- $1 source, $2 stream, $3 run, $4 batch, $5 cursor, $6 watermark, $7 now
update touchline.streams s
   set cursor = $5,
       watermark = greatest(s.watermark, $6),
       last_batch = $4,
       updated_at = $7
  from (
    select last_batch
      from touchline.streams
     where source = $1
       and stream = $2
       for update
  ) before
 where s.source = $1
   and s.stream = $2
   and s.run_id = $3
returning before.last_batch
