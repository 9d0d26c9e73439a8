-- A decision, and its event on the timeline. $1 id, $2 item, $3 its kind, $4 event or enrollment it is about, $5 decision,
-- $6 until (null: it is no snooze), $7 note, $8 outcome, $9 who, $10 now, $11 type of the event, $12 what the item is, in words,
-- $13 the touch that was logged with it (null: the decision is an event of its own)
with subject as (
  select e.id as event_id,
         e.campaign_lead_id,
         e.lead_id,
         e.campaign_id,
         e.contact_kind,
         e.contact_address
    from events e
   where e.id = $4
     and $3 in ('answer', 'follow_up')
     and e.withdrawn_at is null
   union all
  select null,
         m.id,
         m.lead_id,
         m.campaign_id,
         case when l.email is not null then 'email' else 'phone' end,
         coalesce(l.email, l.phone)
    from campaign_leads m
    join leads l on l.id = m.lead_id
   where m.id = $4
     and $3 <> 'answer'
),
told as (
  insert into events (
    event_source, event_type, lead_id, campaign_id, campaign_lead_id, event_timestamp, note_text, performed_by,
    natural_key, contact_kind, contact_address, observed_at, created_at, updated_at
  )
  select 'manual',
         $11,
         s.lead_id,
         s.campaign_id,
         s.campaign_lead_id,
         $10,
         concat_ws(
           ': ',
           $12::text || case $5
             when 'done' then ' done'
             when 'skip' then ' skipped'
             else ' snoozed until ' || to_char($6::timestamptz at time zone touchline.time_zone(), 'YYYY-MM-DD HH24:MI')
           end,
           $7::text
         ),
         $9,
         'manual:decision:' || $1::uuid,
         s.contact_kind,
         s.contact_address,
         $10,
         $10,
         $10
    from subject s
   where $13::uuid is null
  returning id
)
insert into queue_decisions (
  id, item, item_kind, decision, until, note, outcome, event_id, campaign_lead_id, lead_id, touch_id, decided_by, decided_at
)
select $1,
       $2,
       $3,
       $5,
       $6,
       $7,
       $8::text,
       s.event_id,
       s.campaign_lead_id,
       s.lead_id,
       coalesce($13, told.id),
       $9,
       $10
  from subject s
  left join told on true
