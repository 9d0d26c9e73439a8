-- Takes up deliveries that were never taken up, oldest first, and counts that before the work. $1 most deliveries,
-- $2 most bytes of their bodies together
with next as materialized (
  select id,
         octet_length(body) as bytes
    from touchline.deliveries
   where state = 'waiting'
     and attempts = 0
   order by id
   limit $1
     for update skip locked
),
measured as (
  select id,
         sum(bytes) over (order by id) - bytes as bytes_before
    from next
)
update touchline.deliveries d
   set attempts = 1
  from measured m
 where d.id = m.id
   and m.bytes_before < $2
returning d.id
