-- Vendor leads of the touched → what they say of an enrollment: who is in which campaign, and how it stands there where
-- no event tells. The same person may have been added, purged and added again: a stop stays a stop, what changes is the
-- newest record's. $1 now, for which nothing here depends on it
with records as (
  select i.lead_id, l.*
    from touched_leads
    join lead_identities i using (lead_id)
    join instantly_leads_raw l on l.email_address = i.identity_value
   where i.identity_kind = 'email'
  union all
  select i.lead_id, l.*
    from touched_leads
    join lead_identities i using (lead_id)
    join instantly_leads_raw l on l.instantly_lead_id = i.identity_value
   where i.identity_kind = 'instantly_lead'
),
-- where several of our campaigns link to one of theirs, the oldest has its leads
ours as (
  select distinct on (c.instantly_campaign_id)
         c.instantly_campaign_id,
         c.id as campaign_id
    from campaigns c
   where c.instantly_campaign_id is not null
   order by c.instantly_campaign_id, c.created_at, c.id
),
standing as (
  select r.lead_id,
         ours.campaign_id,
         r.instantly_campaign_id,
         min(r.email_address) as contact_address,
         min(touchline.instant(r.raw_json ->> 'timestamp_created')) as enrolled_at,
         max(touchline.instant(r.raw_json ->> 'timestamp_updated')) as told_at,
         bool_or(r.lead_code = -2) as unsubscribed,
         bool_or(r.lead_code = -1) as bounced,
         bool_or(r.raw_json ->> 'email_open_count' ~ '^[1-9]') as opened,
         bool_or(r.raw_json ->> 'email_click_count' ~ '^[1-9]') as clicked,
         bool_or(r.raw_json ->> 'email_reply_count' ~ '^[1-9]') as replied,
         max(touchline.instant(r.raw_json ->> 'timestamp_last_contact')) as contacted_at,
         min(touchline.instant(r.raw_json ->> 'timestamp_last_reply')) as replied_at,
         (array_agg(r.interest_code order by r.gone_at is null desc, r.raw_json ->> 'timestamp_created' desc, r.instantly_lead_id desc))[1]
           as interest,
         (array_agg(touchline.instant(r.raw_json ->> 'timestamp_last_interest_change')
                    order by r.gone_at is null desc, r.raw_json ->> 'timestamp_created' desc, r.instantly_lead_id desc))[1]
           as interest_at
    from records r
    join ours using (instantly_campaign_id)
   group by r.lead_id, ours.campaign_id, r.instantly_campaign_id
)
insert into vendor_standings (
  lead_id, campaign_id, source, contact_address, enrolled_at, told_at, unsubscribed, bounced, opened, clicked,
  contacted_at, replied_at, interest, interest_at, stops_itself
)
select s.lead_id,
       s.campaign_id,
       'instantly',
       s.contact_address,
       s.enrolled_at,
       coalesce(s.told_at, s.contacted_at, s.enrolled_at, 'epoch'),
       coalesce(s.unsubscribed, false),
       coalesce(s.bounced, false),
       coalesce(s.opened, false),
       coalesce(s.clicked, false),
       s.contacted_at,
       case when s.replied then s.replied_at end,
       s.interest,
       s.interest_at,
       config.raw_json ->> 'stop_on_reply' = 'true'
  from standing s
  left join instantly_campaign_configs_raw config using (instantly_campaign_id)
 where $1::timestamptz is not null
