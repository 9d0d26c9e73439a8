-- The password of an account that may enter. $1 address.
select u.id,
       p.argon2
  from users u
  join touchline.passwords p on p.user_id = u.id
 where lower(u.email) = $1
   and u.disabled_at is null
 order by u.created_at
 limit 1
