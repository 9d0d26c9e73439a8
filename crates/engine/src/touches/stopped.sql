-- Enrollments that an event stopped, or those named. $1 event, $2 enrollments
select m.id as campaign_lead_id,
       m.lead_id,
       c.campaign_name,
       m.stop_reason,
       m.stopped_at,
       m.overall_status
  from campaign_leads m
  join campaigns c on c.id = m.campaign_id
 where m.stop_event_id = $1::uuid
    or m.id = any ($2::uuid[])
 order by c.campaign_name, m.id
