-- Live sessions of a user, newest first. $1 user, $2 now.
select id,
       created_at,
       last_seen_at,
       expires_at,
       address,
       user_agent
  from touchline.sessions
 where user_id = $1
   and ended_at is null
   and expires_at > $2
 order by created_at desc,
          id desc
 limit 200
