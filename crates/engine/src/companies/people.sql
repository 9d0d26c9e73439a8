-- People of a company, latest first, one page by keyset. $1 company, $2 and $3 last row of the page before, $4 how many
select l.id,
       l.first_name,
       l.last_name,
       l.email,
       l.phone,
       l.linkedin_url,
       l.job_title,
       l.lead_status,
       l.created_at,
       newest.event_timestamp as last_touched_at,
       newest.event_type as last_touch
  from leads l
  left join lateral (
    select e.event_timestamp,
           e.event_type
      from events e
     where e.lead_id = l.id
       and e.withdrawn_at is null
       and touchline.is_touch(e.event_type)
     order by e.event_timestamp desc, e.id desc
     limit 1
  ) newest on true
 where l.company_id = $1
   and ($2::timestamptz is null or (l.created_at, l.id) < ($2, $3::uuid))
 order by l.created_at desc, l.id desc
 limit $4
