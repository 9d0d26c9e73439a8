-- How far each lead has come, over all campaigns and touches. $1 now
with furthest as (
  select t.lead_id,
         bool_or(m.overall_status = 'converted') as converted,
         bool_or(m.interest_status in (1, 2, 3)) as qualified,
         bool_or(m.overall_status = 'disqualified') as unqualified,
         bool_or(m.email_replied_at is not null) as replied,
         bool_or(m.email_sent_at is not null) as contacted
    from touched_leads t
    left join campaign_leads m using (lead_id)
   group by t.lead_id
),
touches as (
  select t.lead_id,
         bool_or(e.event_type in ('email_replied', 'email_received', 'message_replied') or e.call_outcome in ('interested', 'callback')) as replied,
         bool_or(e.event_type in ('email_sent', 'connection_sent', 'message_sent', 'call_completed', 'call_voicemail', 'call_no_answer')) as contacted
    from touched_leads t
    join events e using (lead_id)
   where e.withdrawn_at is null
   group by t.lead_id
),
-- the latest word on interest that is about no campaign, for those who are in none
words as (
  select distinct on (e.lead_id)
         e.lead_id,
         word.interest
    from touched_leads t
    join events e using (lead_id)
   cross join lateral (
     select coalesce(
              e.interest_status,
              case e.call_outcome when 'interested' then 1 when 'meeting' then 2 when 'not_interested' then -1 when 'wrong_person' then -2 end
            ) as interest
   ) word
   where e.campaign_id is null
     and e.withdrawn_at is null
     and (word.interest is not null or e.event_type = 'interest_changed' and e.note_text is null)
   order by e.lead_id, (e.event_source = 'manual') desc, e.event_timestamp desc, e.natural_key desc
),
folded as (
  select f.lead_id,
         case
           when f.converted or w.interest = 4 then 'converted'
           when f.qualified or w.interest in (1, 2, 3) then 'qualified'
           when f.unqualified or w.interest in (-1, -2, -3) then 'unqualified'
           when f.replied or o.replied then 'replied'
           when f.contacted or o.contacted then 'contacted'
           else 'new'
         end as lead_status
    from furthest f
    left join touches o using (lead_id)
    left join words w using (lead_id)
)
update leads l
   set lead_status = d.lead_status,
       derived = l.derived || jsonb_build_object('lead_status', d.lead_status),
       updated_at = $1
  from folded d
 where l.id = d.lead_id
   and touchline.follows(l.derived, 'lead_status', l.lead_status, 'new')
   -- a lead of another road that no vendor has moved is as it should be
   and (l.lead_status, coalesce(l.derived ->> 'lead_status', 'new')) is distinct from (d.lead_status, d.lead_status)
