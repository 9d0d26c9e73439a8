-- A key. $1 id, $2 user, $3 label, $4 its beginning, $5 SHA-256, $6 scopes, $7 now, $8 end.
insert into touchline.api_keys (id, user_id, label, hint, sha256, scopes, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
returning id,
          label,
          hint,
          scopes,
          user_id,
          (select u.email from users u where u.id = $2) as user_email,
          created_at,
          expires_at,
          revoked_at,
          last_used_at
