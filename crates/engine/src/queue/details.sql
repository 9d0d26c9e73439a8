-- What the lines of a page of the queue say about their people, in the order of the page. $1 leads, $2 campaigns, $3
-- enrollments, $4 events that stopped them, $5 events that promised something, $6 channels, $7 reasons of stops
select p.lead_id,
       coalesce(z.worked_out_at < l.updated_at, false) as zone_is_stale,
       l.first_name,
       l.last_name,
       l.email,
       coalesce(l.phone, number.identity_value) as phone,
       coalesce(l.linkedin_url, profile.identity_value) as linkedin_url,
       l.job_title,
       l.company_id,
       coalesce(o.company_name, o.company_domain) as company_name,
       c.campaign_name,
       w.words as stop_words,
       stop.event_type as stop_event_type,
       -- a vendor's record may know of mail that no event tells of
       greatest(mails.sent, case when m.email_sent_at is not null then 1 else 0 end) as mails_sent,
       coalesce(mails.last_at, m.email_sent_at) as last_mail_at,
       coalesce(mails.opened, 0) as mails_opened,
       tries.event_type as last_try_type,
       tries.call_outcome as last_try_outcome,
       tries.event_timestamp as last_try_at,
       promise.event_type as promise_type,
       promise.event_timestamp as promised_at,
       left(coalesce(promise.note_text, promise.call_summary), 600) as promise_words
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[]) with ordinality
       as p (lead_id, campaign_id, campaign_lead_id, stop_event_id, promise_event_id, channel, stop_reason, place)
  left join leads l on l.id = p.lead_id
  left join touchline.lead_zones z on z.lead_id = p.lead_id
  left join companies o on o.id = l.company_id
  left join campaigns c on c.id = p.campaign_id
  left join campaign_leads m on m.id = p.campaign_lead_id
  left join events stop on stop.id = p.stop_event_id
  left join touchline.stop_rules w on w.reason = p.stop_reason
  left join events promise on promise.id = p.promise_event_id
  left join lateral (
    select i.identity_value
      from lead_identities i
     where i.lead_id = p.lead_id
       and i.identity_kind = 'phone'
     order by i.created_at, i.identity_value
     limit 1
  ) number on true
  left join lateral (
    select i.identity_value
      from lead_identities i
     where i.lead_id = p.lead_id
       and i.identity_kind = 'linkedin'
     order by i.created_at, i.identity_value
     limit 1
  ) profile on true
  left join lateral (
    select count(*) filter (where s.event_type = 'email_sent') as sent,
           max(s.event_timestamp) filter (where s.event_type = 'email_sent') as last_at,
           count(*) filter (where s.event_type = 'email_opened') as opened
      from events s
     where s.campaign_lead_id = p.campaign_lead_id
       and s.event_type in ('email_sent', 'email_opened')
       and s.withdrawn_at is null
  ) mails on true
  left join lateral (
    select t.event_type, t.call_outcome, t.event_timestamp
      from events t
     where t.campaign_lead_id = p.campaign_lead_id
       and t.event_type in ('call_completed', 'call_voicemail', 'call_no_answer', 'call_failed', 'connection_sent', 'connection_accepted', 'message_sent')
       and (p.channel = 'call') = (t.event_type like 'call\_%')
       and t.withdrawn_at is null
     order by t.event_timestamp desc, t.id desc
     limit 1
  ) tries on true
 order by p.place
