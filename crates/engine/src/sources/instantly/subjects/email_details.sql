-- Received messages of which we do not know whether they were automatic: the list never says, only the message by
-- itself does, one request each under the scarce limit. Newest first; a message is asked for once.
-- $1 when the walk began (unused), $2 today (unused)
select e.instantly_email_id as subject,
       null::date as first_day,
       null::date as last_day
  from instantly_emails_raw e
 where e.event_type in ('replied', 'auto_replied')
   and e.gone_at is null
   and not e.raw_json ? 'is_auto_reply'
   and not exists (
     select from touchline.subjects s
      where s.source = 'instantly'
        and s.stream = 'email_details'
        and s.subject = e.instantly_email_id
   )
   and $1::timestamptz is not null
   and $2::date is not null
 order by e.event_date desc nulls last, e.instantly_email_id
 limit 1000
