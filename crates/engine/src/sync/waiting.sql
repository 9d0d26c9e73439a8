-- What waits: for a person, and for normalisation.
select (
         select count(*)
           from events
          where lead_id is null
            and event_type in ('email_replied', 'email_received', 'message_replied')
       ) as unmatched,
       (select count(*) from touchline.changes) as waiting
