-- 037 The queue among a million members: who was never tried comes in the order of their turn, zones are found by a step each.
create index campaign_leads_untried_idx on campaign_leads (campaign_id, coalesce(email_sent_at, enrolled_at, created_at), id)
 where removed_at is null
   and stopped_at is null
   and overall_status = 'active'
   and next_followup_at is null;
create index lead_zones_time_zone_idx on touchline.lead_zones (time_zone);
create index campaign_leads_tried_idx on campaign_leads (id)
 where removed_at is null
   and stopped_at is null
   and overall_status = 'active'
   and (call_status <> 'not_scheduled' or linkedin_status <> 'not_started');
create index campaign_leads_promised_idx on campaign_leads (id) where next_followup_at is not null and removed_at is null;
