-- Writes what became of deliveries, and when each connection was last heard of. $1 ids, $2 reasons (null: understood),
-- $3 now
with outcome as (
  select o.id,
         o.reason
    from unnest($1::uuid[], $2::text[]) as o(id, reason)
),
settled as (
  update touchline.deliveries d
     set state = case when o.reason is null then 'understood' else 'set_aside' end,
         reason = o.reason,
         settled_at = $3
    from outcome o
   where d.id = o.id
  returning d.connection_id,
            d.received_at,
            d.is_trial
),
heard as (
  select connection_id,
         max(received_at) as received_at
    from settled
   -- what we sent ourselves is no word of the vendor
   where not is_trial
   group by connection_id
)
update touchline.connections c
   set last_delivery_at = h.received_at
  from heard h
 where c.id = h.connection_id
   and (c.last_delivery_at is null or c.last_delivery_at < h.received_at)
