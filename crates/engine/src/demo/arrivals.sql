-- Touches of the last minutes that became known after an instant, oldest first; of a conversation on the phone once more
-- when its outcome is known. $1 after, $2 at most, $3 happened since
select e.id,
       greatest(e.created_at, e.updated_at) as known_at,
       e.event_timestamp,
       e.event_source,
       e.event_type,
       nullif(btrim(concat_ws(' ', l.first_name, l.last_name)), '') as lead_name,
       l.email as lead_email,
       e.contact_address,
       c.campaign_name,
       e.call_outcome,
       coalesce(e.linkedin_message_text, e.call_summary, e.email_body, e.email_subject, e.note_text) as words
  from events e
  left join leads l on l.id = e.lead_id
  left join campaigns c on c.id = e.campaign_id
 where e.event_timestamp > $3
   and (e.created_at > $1 or e.event_type = 'call_completed' and e.updated_at > $1)
 order by known_at, e.event_timestamp, e.id
 limit $2
