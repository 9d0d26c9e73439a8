-- Live connections with every secret that is accepted. $1 now
select c.id,
       c.source,
       c.provider,
       c.proof,
       s.kind,
       s.is_trial,
       s.sha256,
       s.sealed,
       s.valid_until
  from touchline.connections c
  join touchline.connection_secrets s on s.connection_id = c.id
 where c.removed_at is null
   and (s.valid_until is null or s.valid_until > $1)
