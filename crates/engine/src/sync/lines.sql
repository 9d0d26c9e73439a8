-- The receipt of one run, a line a stream. $1 run
select *
  from touchline.receipts
 where run_id = $1
 order by started_at, stream
