-- Whether an admin can sign in.
select exists (
  select
    from users u
    join touchline.passwords p on p.user_id = u.id
   where u.role = 'admin'
     and u.disabled_at is null
)
