-- What waits and what needs a look, for monitoring.
select (select count(*) from touchline.deliveries where state = 'waiting') as waiting,
       (select count(*) from touchline.deliveries where state = 'set_aside') as set_aside,
       (
         select received_at
           from touchline.deliveries
          where state = 'waiting'
          order by id
          limit 1
       ) as oldest_waiting_at,
       (select count(*) from touchline.problems) as problems,
       (select count(*) from events where lead_id is null) as unmatched
