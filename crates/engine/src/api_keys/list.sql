-- Keys, live ones first. $1: of this user; null: all.
select k.id,
       k.label,
       k.hint,
       k.scopes,
       k.user_id,
       u.email as user_email,
       k.created_at,
       k.expires_at,
       k.revoked_at,
       k.last_used_at
  from touchline.api_keys k
  left join users u on u.id = k.user_id
 where $1::uuid is null
    or k.user_id = $1
 order by k.revoked_at is not null,
          k.created_at desc,
          k.id desc
 limit 1000
