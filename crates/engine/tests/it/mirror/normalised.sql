with people as (
  select lead_id, string_agg(identity_kind || ':' || identity_value, ',' order by identity_kind, identity_value) as person
    from lead_identities
   group by lead_id
)
select line
  from (
    select 'company ' || jsonb_build_object('domain', company_domain, 'name', company_name, 'derived', derived)::text
      from companies
    union all
    select 'lead ' || jsonb_build_object(
             'person', p.person, 'email', l.email, 'first', l.first_name, 'last', l.last_name, 'title', l.job_title,
             'phone', l.phone, 'company', coalesce(c.company_domain, c.company_name), 'status', l.lead_status,
             'derived', l.derived - 'company_id')::text
      from leads l
      left join people p on p.lead_id = l.id
      left join companies c on c.id = l.company_id
    union all
    select 'campaign ' || jsonb_build_object(
             'id', instantly_campaign_id, 'name', campaign_name, 'status', campaign_status, 'uses_email', uses_email,
             'template', email_body_template, 'derived', derived)::text
      from campaigns
    union all
    select 'enrollment ' || jsonb_build_object(
             'campaign', c.instantly_campaign_id, 'person', p.person, 'email', m.email_status, 'overall', m.overall_status,
             'sent_at', m.email_sent_at, 'replied_at', m.email_replied_at, 'step', m.sequence_step,
             'interest', m.interest_status, 'derived', m.derived)::text
      from campaign_leads m
      join campaigns c on c.id = m.campaign_id
      left join people p using (lead_id)
    union all
    select 'event ' || jsonb_build_object(
             'key', e.natural_key, 'type', e.event_type, 'person', p.person, 'campaign', c.instantly_campaign_id,
             'enrolled', e.campaign_lead_id is not null, 'at', e.event_timestamp, 'subject', e.email_subject,
             'body', md5(e.email_body), 'raw', md5(e.raw_data::text), 'contact', e.contact_address,
             'step', e.sequence_step)::text
      from events e
      left join people p using (lead_id)
      left join campaigns c on c.id = e.campaign_id
  ) as lines(line)
 order by line collate "C"
