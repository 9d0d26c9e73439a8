-- Events and leads that waited for their campaign: it is here by now. $1 now
with newly_known as (
  select distinct on (c.instantly_campaign_id)
         c.id,
         c.instantly_campaign_id
    from campaigns c
    join changed on changed.record_key = c.instantly_campaign_id
   where changed.raw_table in ('instantly_campaign_configs_raw', 'instantly_campaigns_raw')
     and c.created_at = $1
   order by c.instantly_campaign_id, c.id
),
touches_of_campaigns as (
  select m.instantly_campaign_id,
         'instantly:email:' || m.instantly_email_id as natural_key
    from newly_known
    join instantly_emails_raw m using (instantly_campaign_id)
  union
  select w.instantly_campaign_id,
         w.natural_key
    from newly_known
    join instantly_webhook_events_raw w using (instantly_campaign_id)
  union
  select w.instantly_campaign_id,
         'instantly:event:' || w.event_key
    from newly_known
    join instantly_webhook_events_raw w using (instantly_campaign_id)
),
linked as (
  update events e
     set campaign_id = c.id,
         updated_at = $1
    from newly_known c
    join touches_of_campaigns m using (instantly_campaign_id)
   where e.natural_key = m.natural_key
     and e.campaign_id is null
  returning e.lead_id
),
touched_now as (
  insert into touched_leads (lead_id)
  select lead_id
    from linked
   where lead_id is not null
  union
  select i.lead_id
    from newly_known
    join instantly_leads_raw l using (instantly_campaign_id)
    join lead_identities i
      on i.identity_kind = case when l.email_address is null then 'instantly_lead' else 'email' end
     and i.identity_value = coalesce(l.email_address, l.instantly_lead_id)
  union
  select i.lead_id
    from changed
    join instantly_leads_raw l on l.instantly_lead_id = changed.record_key
    join lead_identities i
      on i.identity_kind = case when l.email_address is null then 'instantly_lead' else 'email' end
     and i.identity_value = coalesce(l.email_address, l.instantly_lead_id)
   where changed.raw_table = 'instantly_leads_raw'
      on conflict do nothing
)
select from linked
