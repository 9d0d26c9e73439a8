-- Takes a decision back, and its event off the timeline. $1 decision, $2 who, $3 now
with taken as (
  update queue_decisions
     set taken_back_at = $3,
         taken_back_by = $2::uuid
   where id = $1
     and taken_back_at is null
  returning id,
            touch_id
),
withdrawn as (
  update events e
     set withdrawn_at = $3,
         withdrawn_by = $2,
         updated_at = $3
    from taken
   where e.id = taken.touch_id
     and e.withdrawn_at is null
)
select id
  from taken
