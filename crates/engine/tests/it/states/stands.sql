select line
  from (
    select 'event ' || jsonb_build_object(
             'key', case when e.natural_key like 'manual:%' then 'manual' else e.natural_key end, 'type', e.event_type, 'at', e.event_timestamp,
             'lead', l.email, 'campaign', c.campaign_name, 'enrolled', e.campaign_lead_id is not null, 'contact', e.contact_address,
             'outcome', e.call_outcome, 'interest', e.interest_status)::text
      from events e
      left join leads l on l.id = e.lead_id
      left join campaigns c on c.id = e.campaign_id
     where e.withdrawn_at is null
    union all
    select 'lead ' || jsonb_build_object('email', l.email, 'status', l.lead_status)::text
      from leads l
    union all
    select 'enrollment ' || (
             to_jsonb(m) - '{id,campaign_id,lead_id,stop_event_id,derived,created_at,updated_at,resumed_at}'::text[]
             || jsonb_build_object('lead', l.email, 'campaign', c.campaign_name, 'derived', m.derived)
           )::text
      from campaign_leads m
      join leads l on l.id = m.lead_id
      join campaigns c on c.id = m.campaign_id
    union all
    select 'stop ' || jsonb_build_object('lead', l.email, 'reason', s.reason, 'channel', s.channel, 'since', s.since)::text
      from touchline.stops s
      join leads l on l.id = s.lead_id
     where s.ended_at is null
    union all
    select 'suppression ' || jsonb_build_object(
             'lead', l.email, 'channel', s.channel, 'reason', s.reason, 'scope', s.scope, 'address', s.contact_address, 'since', s.suppressed_at)::text
      from suppressions s
      left join leads l on l.id = s.lead_id
     where s.lifted_at is null
  ) as lines(line)
 order by line collate "C"
