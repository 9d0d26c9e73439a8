-- A set-up link that still opens. $1 SHA-256 of its secret, $2 now.
select l.id,
       l.user_id,
       l.expires_at
  from touchline.setup_links l
  left join users u on u.id = l.user_id
 where l.sha256 = $1
   and l.closed_at is null
   and l.expires_at > $2
   and u.disabled_at is null
   -- One that makes the first admin is closed for good once there is one.
   and (l.user_id is not null
     or not exists (select
                      from users a
                      join touchline.passwords p on p.user_id = a.id
                     where a.role = 'admin'
                       and a.disabled_at is null))
