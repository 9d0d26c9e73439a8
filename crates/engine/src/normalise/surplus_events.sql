-- Events that claim to come from something which raw does not hold.
delete from events e
 where e.event_source in ('instantly', 'vapi', 'linkedin')
   and e.natural_key ~ '^(instantly:(email|event)|vapi:call|linkedin):'
   and not exists (
     select from instantly_emails_raw m
      where m.instantly_email_id = substr(e.natural_key, length('instantly:email:') + 1)
        and e.natural_key like 'instantly:email:%'
   )
   and not exists (
     select from instantly_webhook_events_raw w
      where w.natural_key = e.natural_key
   )
   and not exists (
     select from instantly_webhook_events_raw w
      where w.event_key = substr(e.natural_key, length('instantly:event:') + 1)
        and e.natural_key like 'instantly:event:%'
   )
   and not exists (
     select from linkedin_events_raw l
      where l.natural_key = e.natural_key
   )
   and not exists (
     select from vapi_calls_raw c
      where c.vapi_call_id = split_part(e.natural_key, ':', 3)
        and e.natural_key like 'vapi:call:%'
   )
   and not exists (
     select from vapi_messages_raw m
      where m.vapi_call_id = split_part(e.natural_key, ':', 3)
        and m.meaning = 'call'
        and e.natural_key like 'vapi:call:%'
   )
