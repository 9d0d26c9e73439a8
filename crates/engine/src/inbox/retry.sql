-- Puts deliveries that were set aside back into the queue. $1 one of them (null: all)
update touchline.deliveries
   set state = 'waiting',
       reason = null,
       attempts = 0,
       settled_at = null
 where state = 'set_aside'
   and ($1::uuid is null or id = $1)
