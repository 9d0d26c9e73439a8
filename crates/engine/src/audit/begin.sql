-- An entry, before the write begins. $1 now, $2 how the actor came in, $3 user, $4 key, $5 label, $6 action, $7 subject,
-- $8 details, $9 request.
insert into touchline.audit (at, actor, user_id, key_id, actor_label, action, subject, details, request_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
returning id
