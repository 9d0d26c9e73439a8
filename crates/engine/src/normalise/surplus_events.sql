-- Events that claim to come from a message which raw does not hold.
delete from events e
 where e.event_source = 'instantly'
   and e.natural_key like 'instantly:email:%'
   and not exists (
     select from instantly_emails_raw m
      where m.instantly_email_id = substr(e.natural_key, length('instantly:email:') + 1)
   )
