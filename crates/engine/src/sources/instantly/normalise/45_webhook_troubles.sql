-- Webhook events that need a look: mailboxes that report an error, and types nobody has explained to us yet. Counted
-- anew each time, so that the same delivery again is no second trouble. $1 now
with kinds as (
  select distinct w.vendor_event_type
    from changed
    join instantly_webhook_events_raw w on w.event_key = changed.record_key
   where changed.raw_table = 'instantly_webhook_events_raw'
     and (w.event_type = 'other' or lower(btrim(w.vendor_event_type)) = 'account_error')
),
troubles as (
  select case when lower(btrim(w.vendor_event_type)) = 'account_error' then 'account_error' else 'unknown_code' end as kind,
         case
           when lower(btrim(w.vendor_event_type)) = 'account_error' then 'mailbox ' || coalesce(left(w.raw_json ->> 'email_account', 200), 'not named')
           else 'event_type=' || left(w.vendor_event_type, 40)
         end as detail,
         count(*) as occurrences
    from kinds
    join instantly_webhook_events_raw w using (vendor_event_type)
   group by 1, 2
)
insert into touchline.problems as p (source, stream, kind, detail, occurrences, first_seen_at, last_seen_at)
select 'instantly',
       'webhook_events',
       kind,
       detail,
       occurrences,
       $1,
       $1
  from troubles
    on conflict (source, stream, kind, detail) do update
   set occurrences = excluded.occurrences,
       last_seen_at = $1
 where p.occurrences <> excluded.occurrences
