-- Enrollments that only a touch told of which a person took back. What people made stays. $1 now
delete from campaign_leads m
 using (
   select e.lead_id, e.campaign_id
     from touched_leads
     join events e using (lead_id)
    where $1::timestamptz is not null
      and e.campaign_id is not null
    group by e.lead_id, e.campaign_id
   having bool_and(e.withdrawn_at is not null)
 ) as withdrawn
 where m.lead_id = withdrawn.lead_id
   and m.campaign_id = withdrawn.campaign_id
   and m.derived ? 'enrolled'
   and not exists (
     select from vendor_standings v
      where v.lead_id = m.lead_id
        and v.campaign_id = m.campaign_id
   )
