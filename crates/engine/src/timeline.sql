-- A lead's touches, newest first, one page by keyset. $1 lead, $2 and $3 last touch of the page before (null: the
-- first page), $4 how many, $5 only these (null: all): them (what they said), email, call, linkedin, note
select e.id,
       e.event_source,
       e.event_type,
       e.event_timestamp,
       e.observed_at,
       e.campaign_id,
       c.campaign_name,
       e.sequence_step,
       e.email_subject,
       e.email_body,
       e.call_duration_seconds,
       e.call_recording_url is not null as has_recording,
       e.vapi_call_id,
       e.call_transcript,
       e.call_summary,
       e.call_outcome,
       e.call_ended_reason,
       e.linkedin_message_text,
       e.note_text,
       e.contact_kind,
       e.contact_address,
       e.interest_status,
       e.withdrawn_at,
       e.raw_data is not null as has_raw,
       coalesce(u.full_name, u.email) as performed_by_name
  from events e
  left join campaigns c on c.id = e.campaign_id
  left join users u on u.id = e.performed_by
 where e.lead_id = $1
   and ($2::timestamptz is null or (e.event_timestamp, e.id) < ($2, $3::uuid))
   and case $5::text
         when 'them' then e.event_type in ('email_replied', 'email_received', 'email_auto_replied', 'message_replied', 'connection_accepted')
                       or touchline.is_answer(e.event_type, e.call_outcome)
         when 'email' then e.event_type like 'email\_%'
         when 'call' then e.event_type like 'call\_%'
         when 'linkedin' then e.contact_kind = 'linkedin'
         when 'note' then e.note_text is not null
         else true
       end
 order by e.event_timestamp desc, e.id desc
 limit $4
