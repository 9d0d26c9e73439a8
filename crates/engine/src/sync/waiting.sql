-- What waits: for a person, and for normalisation.
select (
         select count(*)
           from events
          where lead_id is null
            and withdrawn_at is null
            -- a voicemail or a busy line is no answer
            and (
              event_type in ('email_replied', 'email_received', 'message_replied')
              or event_type = 'call_completed' and coalesce(call_outcome, '') not in ('voicemail', 'no_answer', 'busy', 'failed')
            )
       ) as unmatched,
       (select count(*) from touchline.changes) as waiting
