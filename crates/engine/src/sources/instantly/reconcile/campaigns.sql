-- Our totals of each campaign beside the vendor's lifetime counters, up to the moment those were asked for, and what may
-- explain a difference.
with asked as (
  select coalesce(
           (select walked_to_end_at from touchline.streams where source = 'instantly' and stream = 'campaign_analytics'),
           (select max(synced_at) from instantly_campaigns_raw)
         ) as asked_at
),
counters as materialized (
  select r.instantly_campaign_id,
         coalesce(r.campaign_name, r.instantly_campaign_id) as place,
         c.id as campaign_id,
         r.raw_json
    from instantly_campaigns_raw r
    left join lateral (
      select campaigns.id
        from campaigns
       where campaigns.instantly_campaign_id = r.instantly_campaign_id
       order by campaigns.created_at, campaigns.id
       limit 1
    ) c on true
   where r.gone_at is null
),
-- what a person sent by hand from the vendor's inbox is in no counter of the sequence
messages as (
  select e.campaign_id,
         count(*) filter (where e.event_type = 'email_sent' and r.raw_json ->> 'ue_type' is distinct from '3') as emails_sent_count,
         count(*) filter (where e.event_type = 'email_replied') as reply_count,
         count(distinct coalesce(e.lead_id::text, e.contact_address)) filter (where e.event_type = 'email_replied') as reply_count_unique,
         count(*) filter (
           where e.event_type = 'email_auto_replied'
             -- a mail server that could not deliver is no reply to the vendor
             and coalesce(r.raw_json ->> 'from_address_email', '') !~* '^(mailer-daemon|postmaster)@'
         ) as reply_count_automatic,
         count(distinct coalesce(e.lead_id::text, e.contact_address)) filter (where e.event_type = 'email_opened') as open_count_unique,
         count(distinct coalesce(e.lead_id::text, e.contact_address)) filter (where e.event_type = 'email_clicked') as link_click_count_unique,
         count(*) filter (where e.event_type = 'email_replied' and d.is_auto_reply is null) as unsorted,
         min(e.event_timestamp) filter (where e.event_type = 'email_sent') as first_sent_at
    from asked
    join events e on e.event_timestamp <= asked.asked_at
    left join instantly_emails_raw r on r.instantly_email_id = e.instantly_email_id
    left join instantly_email_details_raw d on d.instantly_email_id = e.instantly_email_id
   where e.campaign_id in (select campaign_id from counters)
     and e.event_source = 'instantly'
     and e.event_type like 'email\_%'
     and e.withdrawn_at is null
   group by e.campaign_id
),
listed as (
  select l.instantly_campaign_id,
         count(*) filter (where l.gone_at is null) as leads_count,
         count(*) filter (where l.gone_at is not null) as gone
    from instantly_leads_raw l
   where l.instantly_campaign_id in (select instantly_campaign_id from counters)
   group by l.instantly_campaign_id
),
states as (
  select m.campaign_id,
         count(*) filter (where m.email_status = 'bounced') as bounced_count,
         count(*) filter (where m.email_status = 'unsubscribed') as unsubscribed_count
    from campaign_leads m
   where m.campaign_id in (select campaign_id from counters)
   group by m.campaign_id
)
select c.campaign_id,
       c.place,
       t.metric,
       t.ours,
       (c.raw_json ->> t.metric)::bigint as vendor,
       coalesce(m.unsorted, 0) as unsorted,
       coalesce(l.gone, 0) as gone,
       m.first_sent_at
  from counters c
  left join messages m on m.campaign_id = c.campaign_id
  left join listed l on l.instantly_campaign_id = c.instantly_campaign_id
  left join states s on s.campaign_id = c.campaign_id
 cross join lateral (
   values (1, 'leads_count', coalesce(l.leads_count, 0)),
          (2, 'emails_sent_count', coalesce(m.emails_sent_count, 0)),
          (3, 'reply_count', coalesce(m.reply_count, 0)),
          (4, 'reply_count_unique', coalesce(m.reply_count_unique, 0)),
          (5, 'reply_count_automatic', coalesce(m.reply_count_automatic, 0)),
          (6, 'open_count_unique', coalesce(m.open_count_unique, 0)),
          (7, 'link_click_count_unique', coalesce(m.link_click_count_unique, 0)),
          (8, 'bounced_count', coalesce(s.bounced_count, 0)),
          (9, 'unsubscribed_count', coalesce(s.unsubscribed_count, 0))
 ) as t (position, metric, ours)
 -- a counter that the vendor leaves out is not 0
 where c.raw_json ->> t.metric ~ '^[0-9]{1,15}$'
 order by c.place, c.instantly_campaign_id, t.position
