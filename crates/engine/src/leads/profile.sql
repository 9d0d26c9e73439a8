-- Everything about one person but the timeline, in one statement. $1 lead, $2 since when touches are drawn
select l.id,
       l.first_name,
       l.last_name,
       l.email,
       l.job_title,
       l.seniority,
       l.phone,
       l.linkedin_url,
       l.lead_status,
       l.company_id,
       l.apollo_data,
       l.derived,
       l.created_at,
       c.company_name,
       c.company_domain,
       c.industry,
       c.company_size,
       a.last_touch_at,
       a.last_answer_at,
       l.csv_import_id,
       list.import_id,
       list.file_name,
       (
         select coalesce(json_agg(state order by state.email_sent_at desc nulls last, state.campaign_name), '[]')
           from (
             select m.campaign_id,
                    k.campaign_name,
                    k.campaign_status,
                    k.uses_email,
                    k.uses_calls,
                    k.uses_linkedin,
                    m.overall_status,
                    m.email_status,
                    m.email_sent_at,
                    m.email_replied_at,
                    m.call_status,
                    m.call_scheduled_at,
                    m.call_completed_at,
                    m.linkedin_status,
                    m.sequence_step,
                    m.next_followup_at,
                    m.interest_status,
                    m.stopped_at,
                    m.stop_reason
               from campaign_leads m
               join campaigns k on k.id = m.campaign_id
              where m.lead_id = l.id
           ) state
       )::text as enrollments,
       (
         select coalesce(json_agg(stop order by stop.kind desc, stop.since), '[]')
           from (
             select s.channel, s.kind, s.reason, coalesce(r.words, replace(s.reason, '_', ' ')) as words, s.since, s.suppression_id, s.event_id, s.note
               from lead_stops s
               left join touchline.stop_rules r on r.reason = s.reason
              where s.lead_id = l.id
           ) stop
       )::text as stops,
       (
         select coalesce(json_agg(colleague order by colleague.last_touch_at desc nulls last, colleague.id), '[]')
           from (
             select o.id, o.first_name, o.last_name, o.email, o.job_title, o.lead_status, b.last_touch_at
               from leads o
               left join touchline.lead_activity b on b.lead_id = o.id
              where o.company_id = l.company_id
                and o.id <> l.id
              order by b.last_touch_at desc nulls last, o.id
              limit 8
           ) colleague
       )::text as colleagues,
       (
         select coalesce(json_agg(identity order by identity.identity_kind, identity.identity_value), '[]')
           from (
             select i.identity_kind, i.identity_value
               from lead_identities i
              where i.lead_id = l.id
              limit 50
           ) identity
       )::text as identities,
       (
         select coalesce(json_agg(touch order by touch.event_timestamp), '[]')
           from (
             select e.id, e.event_type, e.contact_kind, e.call_outcome, e.event_timestamp
               from events e
              where e.lead_id = l.id
                and e.event_timestamp >= $2
                and e.withdrawn_at is null
                and touchline.is_touch(e.event_type)
              order by e.event_timestamp desc
              limit 200
           ) touch
       )::text as drawn
  from leads l
  left join companies c on c.id = l.company_id
  left join touchline.lead_activity a on a.lead_id = l.id
  left join lateral (
    select p.import_id, i.file_name
      from touchline.import_parts p
      join touchline.imports i on i.id = p.import_id
     where p.csv_import_id = l.csv_import_id
     limit 1
  ) list on true
 where l.id = $1
