-- Takes up one delivery that was taken up before without an end: alone, so that it can end nobody but itself.
-- $1 and $2 as in claim.sql, without effect
with next as materialized (
  select id
    from touchline.deliveries
   where state = 'waiting'
     and attempts > 0
     and $1::bigint > 0
     and $2::bigint > 0
   order by id
   limit 1
     for update skip locked
)
update touchline.deliveries d
   set attempts = d.attempts + 1
  from next n
 where d.id = n.id
returning d.id
