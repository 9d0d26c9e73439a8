-- Webhook events → events. Several rows may tell of one touch: retries that differ in a detail, the two names of a
-- click, a bounce of every step. The earliest says when and what; a message that the mail poll holds, too, is left to
-- step 41, whose content is fuller. $1 now
--
-- The vendor's `email_id` of a reply is the message in most reports and may be shared by several replies, or name the
-- message that was answered, in others (fact sheet, 5.5). A row is the message itself if it is of the same direction
-- and of about the same time, or begins with the same words; every other is a touch of its own: no reply may get lost.
with touched as (
  select w.natural_key
    from changed
    join instantly_webhook_events_raw w on w.event_key = changed.record_key
   where changed.raw_table = 'instantly_webhook_events_raw'
     and w.natural_key is not null
  union
  -- the polled message decides which of them it is
  select 'instantly:email:' || record_key
    from changed
   where raw_table in ('instantly_emails_raw', 'instantly_email_details_raw')
),
told as materialized (
  select w.*,
         coalesce(w.event_date, w.created_at) as happened_at,
         -- direction of a message; null: no message
         case
           when w.natural_key not like 'instantly:email:%' then null
           when w.event_type = 'email_sent' then 'sent'
           else 'heard'
         end as direction,
         coalesce(touchline.filled(w.raw_json ->> 'email_subject'), touchline.filled(w.raw_json ->> 'reply_subject')) as subject,
         coalesce(
           touchline.filled(w.raw_json ->> case when w.event_type = 'email_sent' then 'email_text' else 'reply_text' end),
           touchline.filled(w.raw_json ->> case when w.event_type = 'email_sent' then 'email_html' else 'reply_html' end),
           touchline.filled(w.raw_json ->> 'reply_text_snippet')
         ) as words
    from touched
    join instantly_webhook_events_raw w using (natural_key)
),
polled as materialized (
  select told_of.natural_key,
         m.event_type <> 'scheduled' as is_event,
         case when m.event_type in ('sent', 'scheduled') then 'sent' else 'heard' end as direction,
         m.event_date as happened_at,
         case jsonb_typeof(m.raw_json -> 'body')
           when 'object' then coalesce(touchline.filled(m.raw_json #>> '{body,text}'), touchline.filled(m.raw_json #>> '{body,html}'))
           when 'string' then m.raw_json ->> 'body'
         end as words
    from (select distinct natural_key, instantly_email_id from told where direction is not null) told_of
    join instantly_emails_raw m using (instantly_email_id)
),
directions as (
  select told.natural_key,
         coalesce(min(polled.direction), max(told.direction)) as direction
    from told
    left join polled using (natural_key)
   where told.direction is not null
   group by told.natural_key
),
-- what the message itself is by: the mail poll, else the earliest row
standard as (
  select distinct on (told.natural_key)
         told.natural_key,
         directions.direction,
         coalesce(polled.happened_at, told.happened_at) as happened_at,
         case when polled.natural_key is null then told.words else polled.words end as words,
         polled.natural_key is not null as is_polled,
         coalesce(polled.is_event, false) as is_polled_event
    from told
    join directions using (natural_key)
    left join polled using (natural_key)
   where told.direction = directions.direction
      or polled.natural_key is not null
   order by told.natural_key, told.happened_at, told.event_key
),
judged as materialized (
  select told.*,
         coalesce(s.is_polled_event, false) as is_polled_event,
         told.direction is null
         or told.direction = s.direction
            and (
              told.direction = 'sent'
              or case
                   when s.is_polled then abs(extract(epoch from told.happened_at - s.happened_at)) <= 3600
                   else told.happened_at = s.happened_at
                 end
              or left(regexp_replace(told.words, '\s+', ' ', 'g'), 100) = left(regexp_replace(s.words, '\s+', ' ', 'g'), 100)
            ) as is_the_touch
    from told
    left join standard s using (natural_key)
),
touches as (
  select distinct on (key)
         case
           when j.event_type in ('email_replied', 'email_auto_replied')
             then case
                    when bool_or(j.event_type = 'email_auto_replied') over (partition by key) then 'email_auto_replied'
                    else 'email_replied'
                  end
           else j.event_type
         end as kind,
         key,
         j.*
    from judged j
   cross join lateral (
      select case when j.is_the_touch then j.natural_key else 'instantly:event:' || j.event_key end as key
    ) k
   where not (j.is_the_touch and j.is_polled_event)
   order by key, j.happened_at, j.event_key
),
-- rows that turned out to be the message itself
withdrawn as (
  delete from events
   where natural_key in (
           select 'instantly:event:' || event_key
             from judged
            where is_the_touch
              and direction is not null
         )
  returning lead_id
),
written as (
  insert into events as t (
    event_source, event_type, lead_id, campaign_id, event_timestamp,
    email_subject, email_body, instantly_email_id, note_text, interest_status, raw_data,
    natural_key, contact_kind, contact_address, sequence_step, observed_at, created_at, updated_at
  )
  select 'instantly',
         w.kind,
         i.lead_id,
         c.id,
         w.happened_at,
         case when w.kind in ('email_sent', 'email_replied', 'email_auto_replied') then w.subject end,
         case when w.kind in ('email_sent', 'email_replied', 'email_auto_replied') then w.words end,
         w.instantly_email_id,
         -- a custom label is its own words; a name nobody has explained is told as it came
         case
           when w.kind = 'other' then w.vendor_event_type
           when w.kind = 'interest_changed' and w.interest_code is null and lower(btrim(w.vendor_event_type)) <> 'lead_neutral' then w.vendor_event_type
         end,
         w.interest_code,
         w.raw_json,
         w.key,
         'email',
         w.email_address,
         w.sequence_step,
         w.created_at,
         $1,
         $1
    from touches w
    left join lead_identities i
      on i.identity_kind = 'email'
     and i.identity_value = w.email_address
    left join lateral (
      select campaigns.id
        from campaigns
       where campaigns.instantly_campaign_id = w.instantly_campaign_id
       order by campaigns.created_at, campaigns.id
       limit 1
    ) c on true
      on conflict (natural_key) do update
     set event_type = excluded.event_type,
         -- a person may have linked it elsewhere
         lead_id = coalesce(t.lead_id, excluded.lead_id),
         campaign_id = coalesce(t.campaign_id, excluded.campaign_id),
         event_timestamp = excluded.event_timestamp,
         email_subject = excluded.email_subject,
         email_body = excluded.email_body,
         instantly_email_id = excluded.instantly_email_id,
         note_text = excluded.note_text,
         interest_status = excluded.interest_status,
         raw_data = excluded.raw_data,
         contact_address = excluded.contact_address,
         sequence_step = excluded.sequence_step,
         updated_at = $1
   where (t.event_type, coalesce(t.lead_id, excluded.lead_id), coalesce(t.campaign_id, excluded.campaign_id), t.event_timestamp,
          t.email_subject, t.email_body, t.instantly_email_id, t.note_text, t.interest_status, t.raw_data, t.contact_address, t.sequence_step)
         is distinct from
         (excluded.event_type, t.lead_id, t.campaign_id, excluded.event_timestamp,
          excluded.email_subject, excluded.email_body, excluded.instantly_email_id, excluded.note_text, excluded.interest_status,
          excluded.raw_data, excluded.contact_address, excluded.sequence_step)
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
