-- A lead's state in each campaign, the one written to last first. $1 lead
select c.campaign_name,
       m.overall_status,
       m.email_status,
       m.call_status,
       m.linkedin_status,
       m.sequence_step,
       m.email_sent_at,
       m.email_replied_at,
       m.next_followup_at,
       m.interest_status
  from campaign_leads m
  join campaigns c on c.id = m.campaign_id
 where m.lead_id = $1
 order by m.email_sent_at desc nulls last, c.campaign_name
