-- Deliveries that were claimed and still wait, whole. $1 ids
select id,
       source,
       provider,
       event,
       received_at,
       body,
       encoding,
       attempts,
       is_trial
  from touchline.deliveries
 where id = any ($1)
   and state = 'waiting'
 order by id
   for update skip locked
