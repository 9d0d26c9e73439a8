-- Entries, newest first. $1 user, $2 key, $3 subject, $4 since, $5 older than this entry, $6 at most; null: any.
select id,
       at,
       actor,
       user_id,
       key_id,
       actor_label,
       action,
       subject,
       details,
       request_id,
       outcome,
       status,
       settled_at
  from touchline.audit
 where ($1::uuid is null or user_id = $1)
   and ($2::uuid is null or key_id = $2)
   and ($3::text is null or subject = $3)
   and ($4::timestamptz is null or at >= $4)
   and ($5::bigint is null or id < $5)
 order by id desc
 limit $6
