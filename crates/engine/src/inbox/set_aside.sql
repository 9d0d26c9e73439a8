-- Deliveries that were set aside, by why; the most common reasons.
select source,
       reason,
       count(*) as deliveries,
       max(received_at) as last_received_at
  from touchline.deliveries
 where state = 'set_aside'
 group by source, reason
 order by deliveries desc, source, reason
 limit 20
