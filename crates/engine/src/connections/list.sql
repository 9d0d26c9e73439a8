-- Live connections and how they are doing. $1 now
with unsettled as (
  select connection_id,
         count(*) filter (where state = 'waiting') as waiting,
         count(*) filter (where state = 'set_aside') as set_aside
    from touchline.deliveries
   where state = 'waiting'
      or state = 'set_aside'
   group by connection_id
)
select c.id,
       c.source,
       c.provider,
       c.label,
       c.proof,
       c.webhook_id,
       c.webhook_state,
       c.webhook_checked_at,
       c.webhook_resumed_at,
       c.last_delivery_at,
       c.created_at,
       (
         select max(s.valid_until)
           from touchline.connection_secrets s
          where s.connection_id = c.id
            and s.valid_until > $1
            and not s.is_trial
       ) as rotating_until,
       coalesce(u.waiting, 0) as waiting,
       coalesce(u.set_aside, 0) as set_aside
  from touchline.connections c
  left join unsettled u on u.connection_id = c.id
 where c.removed_at is null
 order by c.id
