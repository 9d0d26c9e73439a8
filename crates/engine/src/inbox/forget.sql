-- Lets old deliveries go whose records are in the raw tables. $1 before this id, $2 how many at most
delete from touchline.deliveries
 where id in (
   select id
     from touchline.deliveries
    where id < $1::uuid
      and state = 'understood'
    order by id
    limit $2
      for update skip locked
 )
