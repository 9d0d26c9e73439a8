-- The user behind a cookie, while it is accepted. $1 SHA-256 of the cookie, $2 now.
select s.id,
       s.user_id,
       coalesce(nullif(btrim(u.full_name), ''), u.email, '(no name)') as label,
       u.role,
       s.last_seen_at < $2::timestamptz - interval '1 minute' as is_to_be_noted
  from touchline.sessions s
  join users u on u.id = s.user_id
 where s.sha256 = $1
   and s.ended_at is null
   and s.expires_at > $2
   and u.disabled_at is null
