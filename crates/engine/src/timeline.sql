-- A lead's touches, newest first, one page by keyset. $1 lead, $2 and $3 last touch of the page before (null: the
-- first page), $4 how many
select e.id,
       e.event_source,
       e.event_type,
       e.event_timestamp,
       c.campaign_name,
       e.sequence_step,
       e.email_subject,
       e.email_body,
       e.call_duration_seconds,
       e.call_transcript,
       e.linkedin_message_text,
       e.note_text,
       e.contact_address
  from events e
  left join campaigns c on c.id = e.campaign_id
 where e.lead_id = $1
   and ($2::timestamptz is null or (e.event_timestamp, e.id) < ($2, $3::uuid))
 order by e.event_timestamp desc, e.id desc
 limit $4
