-- What is known of a key. $1 actor, $2 key.
select request,
       begun_at,
       status,
       headers,
       body
  from touchline.idempotency_keys
 where actor = $1
   and key = $2
