-- The touch to take back: the one named, else the one logged last, also if that was taken back already, so that asking
-- twice takes back one. Decisions of the queue have a way back of their own. $1 touch
select e.id,
       e.event_source,
       e.lead_id,
       e.withdrawn_at is not null as was_undone
  from events e
 where e.id = $1
union all
(
  select e.id,
         e.event_source,
         e.lead_id,
         e.withdrawn_at is not null
    from events e
   where $1::uuid is null
     and e.event_source = 'manual'
     and e.event_type not like 'queue\_%'
   order by e.observed_at desc, e.id desc
   limit 1
)
