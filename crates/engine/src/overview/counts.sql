-- How much there is of each kind.
select (select count(*) from campaigns) as campaigns,
       (select count(*) from companies) as companies,
       (select count(*) from leads) as leads,
       (select count(*) from campaign_leads) as enrollments,
       (select count(*) from events) as events,
       (select count(*) from instantly_emails_raw) as messages,
       (select count(*) from instantly_accounts_raw) as accounts,
       (
         select count(*)
           from events
          where lead_id is null
            and withdrawn_at is null
            -- a voicemail or a busy line is no answer
            and (
              event_type in ('email_replied', 'email_received', 'message_replied')
              or event_type = 'call_completed' and coalesce(call_outcome, '') not in ('voicemail', 'no_answer', 'busy', 'failed')
            )
       ) as unmatched
