-- Refuses a key from now on. $1 key, $2 now.
update touchline.api_keys k
   set revoked_at = coalesce(revoked_at, $2)
 where id = $1
returning id,
          label,
          hint,
          scopes,
          user_id,
          (select u.email from users u where u.id = k.user_id) as user_email,
          created_at,
          expires_at,
          revoked_at,
          last_used_at
