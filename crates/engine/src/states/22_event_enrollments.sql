-- Events know the enrollment they belong to. $1 now
update events e
   set campaign_lead_id = m.id,
       updated_at = $1
  from touched_leads
  join campaign_leads m using (lead_id)
 where e.lead_id = m.lead_id
   and e.campaign_id = m.campaign_id
   and e.campaign_lead_id is distinct from m.id
