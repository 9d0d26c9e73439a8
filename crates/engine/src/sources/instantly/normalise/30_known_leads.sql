-- Leads that came by another road (typed in psql, imported before) get the identity of their address, so that no
-- second lead is made for it, and so that mail of theirs that waits unmatched finds them. The oldest lead of an
-- address keeps it. $1 now
with addresses as (
  select l.email_address
    from changed
    join instantly_leads_raw l on l.instantly_lead_id = changed.record_key
   where changed.raw_table = 'instantly_leads_raw'
  union
  select e.email_address
    from changed
    join instantly_emails_raw e on e.instantly_email_id = changed.record_key
   where changed.raw_table = 'instantly_emails_raw'
  union
  select w.email_address
    from changed
    join instantly_webhook_events_raw w on w.event_key = changed.record_key
   where changed.raw_table = 'instantly_webhook_events_raw'
  union
  select contact_address
    from events
   where lead_id is null
)
insert into lead_identities (identity_kind, identity_value, lead_id, created_at)
select distinct on (a.email_address)
       'email',
       a.email_address,
       l.id,
       $1
  from addresses a
  join leads l on lower(l.email) = a.email_address
 where a.email_address is not null
 order by a.email_address, l.created_at, l.id
    on conflict do nothing
