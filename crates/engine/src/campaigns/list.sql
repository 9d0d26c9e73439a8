-- Campaigns, newest first, one page by keyset. $1 words in the name, $2 status (null: all but archived), $3 offer, $4 channel
-- (null: all), $5 only this one, $6 and $7 last row of the page before, $8 how many
select c.id,
       c.campaign_name,
       c.campaign_status,
       c.offer_id,
       o.offer_name,
       c.uses_email,
       c.uses_calls,
       c.uses_linkedin,
       c.instantly_campaign_id,
       c.vapi_campaign_id,
       c.vapi_assistant_id,
       c.stops_company,
       c.email_body_template,
       c.created_by,
       c.created_at,
       c.updated_at,
       (
         select count(*)
           from (select from campaign_leads m where m.campaign_id = c.id and m.removed_at is null limit 10000) counted
       ) as members
  from campaigns c
  left join offers o on o.id = c.offer_id
 where ($5::uuid is null or c.id = $5)
   and ($1::text is null or c.campaign_name ilike '%' || $1 || '%')
   and case
         when $5 is not null then true
         when $2::text is null then c.campaign_status <> 'archived'
         else c.campaign_status = $2
       end
   and ($3::uuid is null or c.offer_id = $3)
   and case $4::text
         when 'email' then c.uses_email
         when 'call' then c.uses_calls
         when 'linkedin' then c.uses_linkedin
         else true
       end
   and ($6::timestamptz is null or (c.created_at, c.id) < ($6, $7::uuid))
 order by c.created_at desc, c.id desc
 limit $8
