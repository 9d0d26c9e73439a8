-- The vendor's verdict on single messages overrules what the list could tell; where it is not known yet, a delivery as
-- an automatic reply tells, too. A delivery notice is automatic whatever the vendor calls it. $1 now
with touched as (
  select record_key as instantly_email_id
    from changed
   where raw_table in ('instantly_emails_raw', 'instantly_email_details_raw')
  union
  select w.instantly_email_id
    from changed
    join instantly_webhook_events_raw w on w.event_key = changed.record_key
   where changed.raw_table = 'instantly_webhook_events_raw'
     and w.event_type = 'email_auto_replied'
),
verdicts as (
  select e.instantly_email_id,
         case when coalesce(d.is_auto_reply, w.is_auto_reply) then 'auto_replied' else 'replied' end as event_type
    from touched
    join instantly_emails_raw e using (instantly_email_id)
    left join instantly_email_details_raw d using (instantly_email_id)
    left join lateral (
      select true as is_auto_reply
        from instantly_webhook_events_raw w
       where w.natural_key = 'instantly:email:' || e.instantly_email_id
         and w.event_type = 'email_auto_replied'
         -- an id may be shared by several replies: the one of about the same time is meant
         and abs(extract(epoch from w.event_date - e.event_date)) <= 3600
       limit 1
    ) w on true
   where coalesce(d.is_auto_reply, w.is_auto_reply) is not null
)
update instantly_emails_raw e
   set event_type = v.event_type,
       updated_at = $1
  from verdicts v
 where e.instantly_email_id = v.instantly_email_id
   and e.event_type in ('replied', 'auto_replied')
   and not lower(btrim(coalesce(e.raw_json ->> 'from_address_email', ''))) ~ '^(mailer-daemon|postmaster)@'
   and e.event_type <> v.event_type
