-- Deliveries, newest first; the body where only it names the event. $1 state (null: any), $2 most, $3 the last one of the page before
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
       case when d.event is null and octet_length(d.body) < 65536 then d.body end as names_it
  from touchline.deliveries d
  left join touchline.connections c on c.id = d.connection_id
 where ($1::text is null or d.state = $1)
   and ($3::uuid is null or d.id < $3)
 order by d.id desc
 limit $2
