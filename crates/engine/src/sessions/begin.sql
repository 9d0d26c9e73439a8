-- A new session; long-dead ones of the user go. $1 id, $2 user, $3 SHA-256 of the cookie, $4 now, $5 end, $6 address,
-- $7 browser.
with gone as (
  delete from touchline.sessions
   where user_id = $2
     and least(expires_at, ended_at) < $4::timestamptz - interval '90 days'
),
noted as (
  update users
     set last_sign_in_at = $4
   where id = $2
)
insert into touchline.sessions (id, user_id, sha256, created_at, last_seen_at, expires_at, address, user_agent)
values ($1, $2, $3, $4, $4, $5, $6, $7)
