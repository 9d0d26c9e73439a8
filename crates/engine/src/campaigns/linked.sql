-- Another campaign of ours that is linked to a vendor's. $1 the vendor's id, $2 ours
select id,
       campaign_name
  from campaigns
 where instantly_campaign_id = $1
   and id <> $2
 order by created_at, id
 limit 1
