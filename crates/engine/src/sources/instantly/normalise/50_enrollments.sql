-- Who is in which campaign → campaign_leads: by the vendor's leads, and by messages of the campaign. $1 now
with memberships as (
  select c.id as campaign_id,
         i.lead_id
    from touched_leads
    join lead_identities i using (lead_id)
    join instantly_leads_raw l
      on (i.identity_kind = 'email' and l.email_address = i.identity_value)
    join campaigns c on c.instantly_campaign_id = l.instantly_campaign_id
  union
  select c.id,
         i.lead_id
    from touched_leads
    join lead_identities i using (lead_id)
    join instantly_leads_raw l
      on (i.identity_kind = 'instantly_lead' and l.instantly_lead_id = i.identity_value)
    join campaigns c on c.instantly_campaign_id = l.instantly_campaign_id
  union
  select e.campaign_id,
         e.lead_id
    from touched_leads
    join events e using (lead_id)
   where e.campaign_id is not null
),
-- where several of our campaigns link to one of theirs, the oldest has its leads
chosen as (
  select m.campaign_id, m.lead_id
    from memberships m
    join campaigns c on c.id = m.campaign_id
   where not exists (
     select from campaigns older
      where older.instantly_campaign_id = c.instantly_campaign_id
        and (older.created_at, older.id) < (c.created_at, c.id)
   )
)
insert into campaign_leads (campaign_id, lead_id, created_at, updated_at)
select campaign_id,
       lead_id,
       $1,
       $1
  from chosen
    on conflict (campaign_id, lead_id) do nothing
