-- Campaigns of a name, or of the beginning of an id. $1 name or beginning
select id,
       campaign_name as name
  from campaigns
 where lower(campaign_name) = lower($1)
    or $1 ~ '^[0-9a-fA-F-]{4,36}$' and id::text like lower($1) || '%'
 order by lower(campaign_name) = lower($1) desc, created_at desc
 limit 20
