-- How far each lead has come, over all campaigns and messages. $1 now
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
outside_campaigns as (
  select t.lead_id,
         bool_or(e.event_type in ('email_replied', 'email_received')) as replied,
         bool_or(e.event_type = 'email_sent') as contacted
    from touched_leads t
    join events e using (lead_id)
   group by t.lead_id
),
folded as (
  select f.lead_id,
         case
           when f.converted then 'converted'
           when f.qualified then 'qualified'
           when f.unqualified then 'unqualified'
           when f.replied or o.replied then 'replied'
           when f.contacted or o.contacted then 'contacted'
           else 'new'
         end as lead_status
    from furthest f
    left join outside_campaigns o using (lead_id)
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
