-- Keeps the answer to a request. $1 actor, $2 key, $3 request, $4 status, $5 headers, $6 body, $7 now.
update touchline.idempotency_keys
   set status = $4,
       headers = $5,
       body = $6,
       answered_at = $7
 where actor = $1
   and key = $2
   and request_id = $3
   and answered_at is null
