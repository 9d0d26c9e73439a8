-- Who is in which campaign → campaign_leads: by touches of the campaign, and by vendors' records. One that we made
-- ourselves is marked, so that it can go again with the last touch that told of it. $1 now
with memberships as (
  select e.campaign_id,
         e.lead_id
    from touched_leads
    join events e using (lead_id)
   where e.campaign_id is not null
     and e.withdrawn_at is null
  union
  select campaign_id,
         lead_id
    from vendor_standings
)
insert into campaign_leads (campaign_id, lead_id, derived, created_at, updated_at)
select campaign_id,
       lead_id,
       '{"enrolled": true}',
       $1,
       $1
  from memberships
    on conflict (campaign_id, lead_id) do nothing
