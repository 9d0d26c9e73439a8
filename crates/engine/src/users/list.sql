-- Users, those who may enter first. $1: only this one; null: everybody.
select u.id,
       u.email,
       u.full_name,
       u.role,
       u.disabled_at,
       u.last_sign_in_at,
       p.user_id is not null as has_password,
       u.created_at
  from users u
  left join touchline.passwords p on p.user_id = u.id
 where $1::uuid is null
    or u.id = $1
 order by u.disabled_at is not null,
          u.created_at,
          u.id
