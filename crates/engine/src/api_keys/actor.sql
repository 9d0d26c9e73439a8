-- Who comes with a key, while it and its owner may enter. $1 SHA-256 of the key, $2 now.
select k.id,
       k.user_id,
       k.label,
       k.scopes,
       u.role,
       k.last_used_at is null or k.last_used_at < $2::timestamptz - interval '1 minute' as is_to_be_noted
  from touchline.api_keys k
  left join users u on u.id = k.user_id
 where k.sha256 = $1
   and k.revoked_at is null
   and (k.expires_at is null or k.expires_at > $2)
   and u.disabled_at is null
