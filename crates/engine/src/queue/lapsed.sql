-- Decisions about an item whose touch was taken back are taken back with it. $1 item
update queue_decisions q
   set taken_back_at = e.withdrawn_at,
       taken_back_by = e.withdrawn_by
  from events e
 where q.item = $1
   and q.taken_back_at is null
   and e.id = q.touch_id
   and e.withdrawn_at is not null
