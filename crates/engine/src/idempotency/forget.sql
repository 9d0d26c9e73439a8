-- Takes keys out that are kept no longer, some at a time. $1 since when they are kept.
delete from touchline.idempotency_keys i
 using (select actor, key
          from touchline.idempotency_keys
         where begun_at < $1
         order by begun_at
         limit 100
           for update skip locked) old
 where i.actor = old.actor
   and i.key = old.key
