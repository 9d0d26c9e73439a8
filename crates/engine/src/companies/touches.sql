-- What happened with the people of a company, newest first, one page by keyset. $1 company, $2 and $3 last touch of the page
-- before, $4 how many
select e.id as event_id,
       e.event_source,
       e.event_type,
       e.event_timestamp,
       person.id as lead_id,
       coalesce(nullif(concat_ws(' ', person.first_name, person.last_name), ''), person.email) as who,
       c.campaign_name,
       e.sequence_step,
       e.email_subject,
       e.call_outcome,
       left(coalesce(e.email_body, e.linkedin_message_text, e.call_summary, e.note_text, e.call_transcript), 4000) as words
  from leads person
 cross join lateral (
    -- as many of each as could stand on the page
    select t.*
      from events t
     where t.lead_id = person.id
       and t.withdrawn_at is null
       and ($2::timestamptz is null or (t.event_timestamp, t.id) < ($2, $3::uuid))
     order by t.event_timestamp desc, t.id desc
     limit $4
  ) e
  left join campaigns c on c.id = e.campaign_id
 where person.company_id = $1
 order by e.event_timestamp desc, e.id desc
 limit $4
