-- Members of a campaign, latest first, one page by keyset. $1 campaign, $2 overall status (null: all), $3 and $4 last row of
-- the page before, $5 how many
select m.id,
       m.lead_id,
       l.first_name,
       l.last_name,
       l.email,
       l.phone,
       l.linkedin_url,
       l.job_title,
       l.company_id,
       coalesce(o.company_name, o.company_domain) as company_name,
       m.overall_status,
       m.email_status,
       m.call_status,
       m.linkedin_status,
       m.sequence_step,
       m.interest_status,
       m.next_followup_at,
       m.stopped_at,
       m.stop_reason,
       m.created_at
  from campaign_leads m
  join leads l on l.id = m.lead_id
  left join companies o on o.id = l.company_id
 where m.campaign_id = $1
   and m.removed_at is null
   and ($2::text is null or m.overall_status = $2)
   and ($3::timestamptz is null or (m.created_at, m.id) < ($3, $4::uuid))
 order by m.created_at desc, m.id desc
 limit $5
