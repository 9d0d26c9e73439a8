-- A user, unless the address has one, however it is written there. $1 id, $2 address, $3 name, $4 role, $5 now.
insert into users (id, email, full_name, role, created_at, updated_at)
select $1, $2, $3, $4, $5, $5
 where not exists (select from users where lower(email) = $2)
on conflict (email) do nothing
