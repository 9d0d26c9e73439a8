-- Writes how a connection's webhook stands at the vendor. $1 connection, $2 state (null: none is known of there),
-- $3 the vendor's id (null: none), $4 whether one was switched on again, $5 now
update touchline.connections
   set webhook_state = $2,
       webhook_id = coalesce($3, webhook_id),
       webhook_resumed_at = case when $4 then $5 else webhook_resumed_at end,
       webhook_checked_at = $5
 where id = $1
