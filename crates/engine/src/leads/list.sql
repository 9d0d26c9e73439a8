-- A list of leads, one page by keyset. $1 how many. Filters and order are put in by `list.rs`, from closed sets.
select l.id,
       l.first_name,
       l.last_name,
       l.email,
       l.job_title,
       l.phone,
       l.linkedin_url,
       l.lead_status,
       l.company_id,
       c.company_name,
       c.company_domain,
       l.created_at,
       a.last_touch_at,
       a.last_answer_at,
       (
         select min(m.next_followup_at)
           from campaign_leads m
          where m.lead_id = l.id
       ) as next_followup_at,
       (
         select s.reason
           from suppressions s
          where s.lead_id = l.id
            and s.lifted_at is null
          order by s.suppressed_at, s.id
          limit 1
       ) as suppressed_because
  from leads l
  left join touchline.lead_activity a on a.lead_id = l.id
  left join companies c on c.id = l.company_id
 where true
/* filters */
/* order */
 limit $1
