-- One delivery, whole; two rows at most, to see that its name is not enough. $1 its id, or the end of it
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
       octet_length(d.body) as bytes,
       d.headers,
       d.body,
       d.settled_at
  from touchline.deliveries d
  left join touchline.connections c on c.id = d.connection_id
 where length($1) >= 4
   and right(d.id::text, length($1)) = $1
 limit 2
