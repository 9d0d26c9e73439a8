-- Takes up waiting deliveries, oldest first, and counts that before the work. $1 and $2 how often they were taken up
-- before without an end, at least and at most, $3 most deliveries, $4 most bytes of their bodies together
with next as materialized (
  select id,
         octet_length(body) as bytes
    from touchline.deliveries
   where state = 'waiting'
     and attempts between $1 and $2
   order by id
   limit $3
     for update skip locked
),
measured as (
  select id,
         sum(bytes) over (order by id) - bytes as bytes_before
    from next
)
update touchline.deliveries d
   set attempts = d.attempts + 1
  from measured m
 where d.id = m.id
   and m.bytes_before < $4
returning d.id
