-- Notes that a session was used, which moves its end on. $1 session, $2 now, $3 the end if it stays unused from now,
-- $4 when the longest-lived one of now began.
update touchline.sessions
   set last_seen_at = $2,
       expires_at = greatest(expires_at, least($3, created_at + ($2::timestamptz - $4::timestamptz)))
 where id = $1
   and ended_at is null
