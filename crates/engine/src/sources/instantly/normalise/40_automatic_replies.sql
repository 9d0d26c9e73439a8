-- The vendor's verdict on single messages overrules what the list could tell; a delivery notice is automatic whatever
-- the vendor calls it. $1 now
with touched as (
  select distinct record_key as instantly_email_id
    from changed
   where raw_table in ('instantly_emails_raw', 'instantly_email_details_raw')
)
update instantly_emails_raw e
   set event_type = case when d.is_auto_reply then 'auto_replied' else 'replied' end,
       updated_at = $1
  from touched
  join instantly_email_details_raw d using (instantly_email_id)
 where e.instantly_email_id = touched.instantly_email_id
   and e.event_type in ('replied', 'auto_replied')
   and d.is_auto_reply is not null
   and not lower(btrim(coalesce(e.raw_json ->> 'from_address_email', ''))) ~ '^(mailer-daemon|postmaster)@'
   and e.event_type <> case when d.is_auto_reply then 'auto_replied' else 'replied' end
