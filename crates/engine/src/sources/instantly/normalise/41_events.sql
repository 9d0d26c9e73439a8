-- Messages → events, one row a message by its natural key. Scheduled mail is no event yet. A message whose code
-- nobody has explained is one if it came from outside: no reply may get lost. $1 now
with touched as (
  select record_key as instantly_email_id
    from changed
   where raw_table in ('instantly_emails_raw', 'instantly_email_details_raw')
  union
  -- step 40 may have learned that it was automatic
  select w.instantly_email_id
    from changed
    join instantly_webhook_events_raw w on w.event_key = changed.record_key
   where changed.raw_table = 'instantly_webhook_events_raw'
     and w.event_type = 'email_auto_replied'
),
messages as (
  select e.*,
         case e.event_type
           when 'sent' then 'email_sent'
           when 'replied' then 'email_replied'
           when 'auto_replied' then 'email_auto_replied'
           when 'other' then
             case
               when lower(e.raw_json ->> 'from_address_email') <> lower(coalesce(e.raw_json ->> 'eaccount', '')) then 'email_received'
             end
         end as kind
    from touched
    join instantly_emails_raw e using (instantly_email_id)
),
withdrawn as (
  delete from events
   where natural_key in (select 'instantly:email:' || instantly_email_id from messages where kind is null)
     -- the list may still call it scheduled when its sending was delivered already
     and not exists (
       select from instantly_webhook_events_raw w
        where w.natural_key = events.natural_key
          and w.event_type = 'email_sent'
     )
  returning lead_id
),
written as (
  insert into events as t (
    event_source, event_type, lead_id, campaign_id, event_timestamp,
    email_subject, email_body, instantly_email_id, raw_data,
    natural_key, contact_address, sequence_step, observed_at, created_at, updated_at
  )
  select 'instantly',
         m.kind,
         i.lead_id,
         c.id,
         coalesce(m.event_date, m.created_at),
         m.raw_json ->> 'subject',
         case jsonb_typeof(m.raw_json -> 'body')
           when 'object' then coalesce(touchline.filled(m.raw_json #>> '{body,text}'), touchline.filled(m.raw_json #>> '{body,html}'))
           when 'string' then m.raw_json ->> 'body'
         end,
         m.instantly_email_id,
         m.raw_json,
         'instantly:email:' || m.instantly_email_id,
         m.email_address,
         -- live form "0_0_0": sequence, step, variant, counted from 0
         case when m.raw_json ->> 'step' ~ '^[0-9]{1,6}_[0-9]{1,6}_' then split_part(m.raw_json ->> 'step', '_', 2)::integer + 1 end,
         m.created_at,
         $1,
         $1
    from messages m
    left join lead_identities i
      on i.identity_kind = 'email'
     and i.identity_value = m.email_address
    left join lateral (
      select campaigns.id
        from campaigns
       where campaigns.instantly_campaign_id = m.instantly_campaign_id
       order by campaigns.created_at, campaigns.id
       limit 1
    ) c on true
   where m.kind is not null
      on conflict (natural_key) do update
     set event_type = excluded.event_type,
         -- a person may have linked it elsewhere
         lead_id = coalesce(t.lead_id, excluded.lead_id),
         campaign_id = coalesce(t.campaign_id, excluded.campaign_id),
         event_timestamp = excluded.event_timestamp,
         email_subject = excluded.email_subject,
         email_body = excluded.email_body,
         raw_data = excluded.raw_data,
         contact_address = excluded.contact_address,
         sequence_step = excluded.sequence_step,
         updated_at = $1
   where (t.event_type, coalesce(t.lead_id, excluded.lead_id), coalesce(t.campaign_id, excluded.campaign_id), t.event_timestamp,
          t.email_subject, t.email_body, t.raw_data, t.contact_address, t.sequence_step)
         is distinct from
         (excluded.event_type, t.lead_id, t.campaign_id, excluded.event_timestamp,
          excluded.email_subject, excluded.email_body, excluded.raw_data, excluded.contact_address, excluded.sequence_step)
  returning t.lead_id
),
touched_now as (
  insert into touched_leads (lead_id)
  select lead_id
    from written
   where lead_id is not null
  union
  select lead_id
    from withdrawn
   where lead_id is not null
      on conflict do nothing
)
select from written
