-- Campaigns to choose from, those at work first.
select id,
       campaign_name
  from campaigns
 order by campaign_status = 'archived',
          campaign_status <> 'active',
          lower(campaign_name),
          id
 limit 200
