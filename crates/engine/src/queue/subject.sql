-- Whom a line of the queue is about. $1 kind of the item, $2 event or enrollment
select e.lead_id,
       e.campaign_id,
       case
         when e.event_type like 'call\_%' or e.contact_kind = 'phone' then 'call'
         when e.event_type like any (array['message\_%', 'connection\_%']) or e.contact_kind = 'linkedin' then 'linkedin'
         else 'email'
       end as channel
  from events e
 where e.id = $2
   and $1::text in ('answer', 'follow_up')
 union all
select m.lead_id,
       m.campaign_id,
       case
         when $1 = 'call' then 'call'
         when $1 in ('connect', 'message') then 'linkedin'
         -- what was promised: by the touch that promised it, else by telephone where there is one
         when p.event_type like 'email\_%' then 'email'
         when p.event_type like any (array['message\_%', 'connection\_%']) then 'linkedin'
         when p.event_type like 'call\_%' or l.phone is not null then 'call'
         else 'email'
       end
  from campaign_leads m
  join leads l on l.id = m.lead_id
  left join lateral (
    select e.event_type
      from events e
     where e.lead_id = m.lead_id
       and e.follow_up_at = m.next_followup_at
       and e.withdrawn_at is null
     order by e.event_timestamp desc, e.id desc
     limit 1
  ) p on true
 where m.id = $2
   and $1 <> 'answer'
