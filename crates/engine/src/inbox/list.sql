-- Deliveries, newest first. $1 state (null: any), $2 most
select d.id,
       d.connection_id,
       c.label,
       d.source,
       d.provider,
       d.event,
       d.received_at,
       d.state,
       d.reason,
       d.attempts,
       octet_length(d.body) as bytes
  from touchline.deliveries d
  left join touchline.connections c on c.id = d.connection_id
 where $1::text is null
    or d.state = $1
 order by d.id desc
 limit $2
