-- Enrollments that only a touch told of which a person took back. What people made stays. $1 now
delete from campaign_leads m
 using touched_leads t
 where $1::timestamptz is not null
   and m.lead_id = t.lead_id
   and m.derived ? 'enrolled'
   and exists (
     select from events e
      where e.lead_id = m.lead_id
        and e.campaign_id = m.campaign_id
        and e.withdrawn_at is not null
   )
   and not exists (
     select from events e
      where e.lead_id = m.lead_id
        and e.campaign_id = m.campaign_id
        and e.withdrawn_at is null
   )
   and not exists (
     select from vendor_standings v
      where v.lead_id = m.lead_id
        and v.campaign_id = m.campaign_id
   )
