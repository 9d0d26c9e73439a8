-- Makes a campaign, or changes one. $1 id, $2 name, $3 status, $4 offer, $5 to $7 whether it mails, calls, writes on LinkedIn,
-- $8 Instantly campaign, $9 Vapi campaign, $10 Vapi assistant, $11 whether stops are the company's, $12 template, $13 who
-- made it, $14 now
insert into campaigns as c (
  id, campaign_name, campaign_status, offer_id, uses_email, uses_calls, uses_linkedin, instantly_campaign_id, vapi_campaign_id,
  vapi_assistant_id, stops_company, email_body_template, created_by, created_at, updated_at
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
    on conflict (id) do update
   set campaign_name = excluded.campaign_name,
       campaign_status = excluded.campaign_status,
       offer_id = excluded.offer_id,
       uses_email = excluded.uses_email,
       uses_calls = excluded.uses_calls,
       uses_linkedin = excluded.uses_linkedin,
       instantly_campaign_id = excluded.instantly_campaign_id,
       vapi_campaign_id = excluded.vapi_campaign_id,
       vapi_assistant_id = excluded.vapi_assistant_id,
       stops_company = excluded.stops_company,
       email_body_template = excluded.email_body_template,
       updated_at = excluded.updated_at
 where (c.campaign_name, c.campaign_status, c.offer_id, c.uses_email, c.uses_calls, c.uses_linkedin, c.instantly_campaign_id,
        c.vapi_campaign_id, c.vapi_assistant_id, c.stops_company, c.email_body_template)
       is distinct from
       (excluded.campaign_name, excluded.campaign_status, excluded.offer_id, excluded.uses_email, excluded.uses_calls,
        excluded.uses_linkedin, excluded.instantly_campaign_id, excluded.vapi_campaign_id, excluded.vapi_assistant_id,
        excluded.stops_company, excluded.email_body_template)
