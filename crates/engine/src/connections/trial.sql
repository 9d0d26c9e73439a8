-- The trial that was stored. $1 connection, $2 what its body says of itself
select id
  from touchline.deliveries
 where connection_id = $1
   and is_trial
   and position($2::bytea in body) > 0
 order by id desc
 limit 1
