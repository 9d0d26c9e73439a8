-- The state of each enrollment: a fold over its events and the vendor's lead, by rank and time, so that the order of
-- arrival does not matter. Automatic replies do not count as replies. $1 now
with enrollments as materialized (
  select m.*,
         c.instantly_campaign_id
    from touched_leads
    join campaign_leads m using (lead_id)
    join campaigns c on c.id = m.campaign_id
   where c.instantly_campaign_id is not null
),
touches as (
  select m.id,
         max(e.event_timestamp) filter (where e.event_type = 'email_sent') as sent_at,
         min(e.event_timestamp) filter (where e.event_type in ('email_replied', 'email_received')) as replied_at,
         max(e.sequence_step) filter (where e.event_type = 'email_sent') as step,
         bool_or(e.event_type in ('email_replied', 'email_received', 'email_auto_replied')) as heard_from,
         bool_or(e.event_type = 'email_opened') as opened,
         bool_or(e.event_type = 'email_clicked') as clicked
    from enrollments m
    join events e on e.campaign_lead_id = m.id
   group by m.id
),
records as (
  select m.id as enrollment_id, l.*
    from enrollments m
    join lead_identities i on i.lead_id = m.lead_id and i.identity_kind = 'email'
    join instantly_leads_raw l
      on l.email_address = i.identity_value
     and l.instantly_campaign_id = m.instantly_campaign_id
  union all
  select m.id, l.*
    from enrollments m
    join lead_identities i on i.lead_id = m.lead_id and i.identity_kind = 'instantly_lead'
    join instantly_leads_raw l
      on l.instantly_lead_id = i.identity_value
     and l.instantly_campaign_id = m.instantly_campaign_id
),
-- the same person may have been added, purged and added again: a stop stays a stop, counters of the newest count
vendor as (
  select enrollment_id as id,
         bool_or(lead_code = -2) as unsubscribed,
         bool_or(lead_code = -1) as bounced,
         (array_agg(interest_code order by gone_at is null desc, raw_json ->> 'timestamp_created' desc, instantly_lead_id desc))[1] as interest,
         bool_or(raw_json ->> 'email_open_count' ~ '^[1-9]') as opened,
         bool_or(raw_json ->> 'email_click_count' ~ '^[1-9]') as clicked,
         bool_or(raw_json ->> 'email_reply_count' ~ '^[1-9]') as replied,
         max(touchline.instant(raw_json ->> 'timestamp_last_contact')) as contacted_at,
         min(touchline.instant(raw_json ->> 'timestamp_last_reply')) as replied_at
    from records
   group by enrollment_id
),
facts as (
  select m.id,
         coalesce(v.unsubscribed, false) as unsubscribed,
         coalesce(v.bounced, false) as bounced,
         v.interest,
         coalesce(t.opened, false) or coalesce(v.opened, false) as opened,
         coalesce(t.clicked, false) or coalesce(v.clicked, false) as clicked,
         -- the vendor's counter stands in where no message can be seen (scope missing, back-fill under way)
         coalesce(t.sent_at, v.contacted_at) as sent_at,
         coalesce(t.replied_at, case when v.replied and not coalesce(t.heard_from, false) then v.replied_at end) as replied_at,
         t.step
    from enrollments m
    left join touches t using (id)
    left join vendor v using (id)
),
folded as (
  select id,
         case
           when unsubscribed then 'unsubscribed'
           when bounced then 'bounced'
           when replied_at is not null then 'replied'
           when clicked then 'clicked'
           when opened then 'opened'
           when sent_at is not null then 'sent'
           else 'pending'
         end as email_status,
         case
           when unsubscribed then 'unsubscribed'
           when interest = 4 then 'converted'
           when interest in (-1, -2, -3) then 'disqualified'
           when bounced then 'bounced'
           when replied_at is not null then 'replied'
           else 'active'
         end as overall_status,
         sent_at,
         replied_at,
         step,
         interest
    from facts
),
merged as (
  select m.id,
         case when f.email_status then d.email_status else m.email_status end as email_status,
         case when f.overall_status then d.overall_status else m.overall_status end as overall_status,
         case when f.sent_at then d.sent_at else m.email_sent_at end as email_sent_at,
         case when f.replied_at then d.replied_at else m.email_replied_at end as email_replied_at,
         case when f.step then d.step else m.sequence_step end as sequence_step,
         case when f.interest then d.interest else m.interest_status end as interest_status,
         m.derived || jsonb_build_object(
           'email_status', case when f.email_status then d.email_status else m.derived ->> 'email_status' end,
           'overall_status', case when f.overall_status then d.overall_status else m.derived ->> 'overall_status' end,
           'email_sent_at', case when f.sent_at then touchline.instant_text(d.sent_at) else m.derived ->> 'email_sent_at' end,
           'email_replied_at', case when f.replied_at then touchline.instant_text(d.replied_at) else m.derived ->> 'email_replied_at' end,
           'sequence_step', case when f.step then d.step::text else m.derived ->> 'sequence_step' end,
           'interest_status', case when f.interest then d.interest::text else m.derived ->> 'interest_status' end
         ) as derived
    from enrollments m
    join folded d using (id)
   cross join lateral (
      select touchline.follows(m.derived, 'email_status', m.email_status, 'pending') as email_status,
             touchline.follows(m.derived, 'overall_status', m.overall_status, 'active') as overall_status,
             touchline.follows(m.derived, 'email_sent_at', touchline.instant_text(m.email_sent_at), null) as sent_at,
             touchline.follows(m.derived, 'email_replied_at', touchline.instant_text(m.email_replied_at), null) as replied_at,
             touchline.follows(m.derived, 'sequence_step', m.sequence_step::text, null) as step,
             touchline.follows(m.derived, 'interest_status', m.interest_status::text, null) as interest
    ) f
)
update campaign_leads m
   set email_status = n.email_status,
       overall_status = n.overall_status,
       email_sent_at = n.email_sent_at,
       email_replied_at = n.email_replied_at,
       sequence_step = n.sequence_step,
       interest_status = n.interest_status,
       derived = n.derived,
       updated_at = $1
  from merged n
 where m.id = n.id
   and (m.email_status, m.overall_status, m.email_sent_at, m.email_replied_at, m.sequence_step, m.interest_status, m.derived)
       is distinct from
       (n.email_status, n.overall_status, n.email_sent_at, n.email_replied_at, n.sequence_step, n.interest_status, n.derived)
