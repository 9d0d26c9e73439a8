-- LinkedIn touches → events. What a tool tells twice, by retry, by a second subscription or under two names, is one
-- row; the earliest says when, and whichever knows the campaign says which. The lead is found by profile, then by
-- address. $1 now
with touched as (
  select r.natural_key
    from changed
    join linkedin_events_raw r on r.event_key = changed.record_key
   where changed.raw_table = 'linkedin_events_raw'
     and r.natural_key is not null
  union
  -- those that wait for their person or their campaign
  select natural_key
    from events
   where event_source = 'linkedin'
     and natural_key like 'linkedin:%'
     and lead_id is null
  union
  select e.natural_key
    from events e
    join linkedin_events_raw r using (natural_key)
    join campaigns c on lower(btrim(c.campaign_name)) = lower(btrim(r.campaign_name))
   where e.event_source = 'linkedin'
     and e.campaign_id is null
     and c.uses_linkedin
),
told as (
  select r.*,
         coalesce(r.event_date, r.created_at) as happened_at,
         (
           select c.id
             from campaigns c
            where c.uses_linkedin
              and lower(btrim(c.campaign_name)) = lower(btrim(r.campaign_name))
            order by c.created_at, c.id
            limit 1
         ) as campaign_id
    from touched
    join linkedin_events_raw r using (natural_key)
),
touches as (
  select distinct on (natural_key)
         told.*,
         first_value(campaign_id) over (partition by natural_key order by campaign_id is null, happened_at, event_key) as known_campaign,
         first_value(email_address) over (partition by natural_key order by email_address is null, happened_at, event_key) as known_address
    from told
   order by natural_key, happened_at, event_key
),
written as (
  insert into events as t (
    event_source, event_type, lead_id, campaign_id, event_timestamp, linkedin_message_text, note_text, raw_data,
    natural_key, contact_kind, contact_address, observed_at, created_at, updated_at
  )
  select 'linkedin',
         w.event_type,
         coalesce(by_profile.lead_id, by_address.lead_id),
         w.known_campaign,
         w.happened_at,
         w.message_text,
         -- a name nobody has explained is told as it came
         case when w.event_type = 'other' then w.vendor_event_type end,
         w.raw_json,
         w.natural_key,
         case when w.linkedin_profile is null then 'email' else 'linkedin' end,
         coalesce(w.linkedin_profile, w.known_address),
         w.created_at,
         $1,
         $1
    from touches w
    left join lead_identities by_profile
      on by_profile.identity_kind = 'linkedin'
     and by_profile.identity_value = w.linkedin_profile
    left join lead_identities by_address
      on by_address.identity_kind = 'email'
     and by_address.identity_value = w.known_address
      on conflict (natural_key) do update
     set event_type = excluded.event_type,
         -- a person may have linked it elsewhere
         lead_id = coalesce(t.lead_id, excluded.lead_id),
         campaign_id = coalesce(t.campaign_id, excluded.campaign_id),
         event_timestamp = excluded.event_timestamp,
         linkedin_message_text = excluded.linkedin_message_text,
         note_text = excluded.note_text,
         raw_data = excluded.raw_data,
         contact_kind = excluded.contact_kind,
         contact_address = excluded.contact_address,
         updated_at = $1
   where (t.event_type, coalesce(t.lead_id, excluded.lead_id), coalesce(t.campaign_id, excluded.campaign_id), t.event_timestamp,
          t.linkedin_message_text, t.note_text, t.raw_data, t.contact_kind, t.contact_address)
         is distinct from
         (excluded.event_type, t.lead_id, t.campaign_id, excluded.event_timestamp,
          excluded.linkedin_message_text, excluded.note_text, excluded.raw_data, excluded.contact_kind, excluded.contact_address)
  returning t.lead_id
),
touched_now as (
  insert into touched_leads (lead_id)
  select distinct lead_id
    from written
   where lead_id is not null
      on conflict do nothing
)
select from written
