-- How a claimed touch ended. What was unclear may become clear later. $1 id, $2 state, $3 answer, $4 now
update touchline.outbox
   set state = $2,
       answer = $3,
       settled_at = case when $2 = 'unknown' then null else $4::timestamptz end
 where id = $1
   and (state = 'sending' or state = 'unknown' and $2 <> 'unknown')
returning id
