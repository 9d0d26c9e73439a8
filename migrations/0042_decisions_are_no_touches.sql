-- Putting somebody off, or passing them over, reaches nobody.
create or replace function touchline.is_touch(event_type text)
returns boolean
language sql
immutable
as $$
  select event_type not in (
    'email_opened', 'email_clicked', 'email_auto_replied', 'status_changed', 'interest_changed', 'profile_viewed', 'queue_snoozed', 'queue_skipped'
  )
$$;
comment on column touchline.lead_activity.last_touch_at is 'Latest touch, ours or theirs; opens, clicks, changes of status, and what was put off or skipped in the queue are none.';

with decided as (
  select distinct lead_id
    from events
   where event_type in ('queue_snoozed', 'queue_skipped')
     and lead_id is not null
),
now_so as (
  select e.lead_id,
         max(e.event_timestamp) as last_touch_at
    from decided
    join events e using (lead_id)
   where e.withdrawn_at is null
     and touchline.is_touch(e.event_type)
   group by e.lead_id
),
gone as (
  delete from touchline.lead_activity a
   using decided
   where a.lead_id = decided.lead_id
     and not exists (select from now_so where now_so.lead_id = a.lead_id)
)
update touchline.lead_activity a
   set last_touch_at = now_so.last_touch_at
  from now_so
 where a.lead_id = now_so.lead_id
   and a.last_touch_at <> now_so.last_touch_at;
