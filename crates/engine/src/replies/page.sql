-- Who answered, on every channel: what needs a person first, unknown senders on top of it, machines last; one page by keyset.
-- $1 now, $2 since (null: 30 days, and every unknown sender who has no answer), $3 only unknown senders, $4 only this
-- channel (null: all), $5 automatic ones too, $6 only those in this state, $7 longest waiting first (else newest first),
-- $8, $9, $10 rank, place and id of the last row of the page before (null: the first page), $11 how many, $12 only this event
with answers as (
  select e.id, e.event_type, e.event_timestamp, e.lead_id, e.campaign_lead_id, e.contact_kind, e.contact_address, e.call_outcome, e.follow_up_at
    from events e
   where e.event_type in ('email_replied', 'email_received', 'email_auto_replied', 'message_replied', 'call_completed')
     and e.withdrawn_at is null
     and e.event_timestamp >= coalesce($2::timestamptz, $1::timestamptz - interval '30 days')
     and $12::uuid is null
   union all
  select e.id, e.event_type, e.event_timestamp, e.lead_id, e.campaign_lead_id, e.contact_kind, e.contact_address, e.call_outcome, e.follow_up_at
    from events e
   where e.event_type in ('email_replied', 'email_received', 'message_replied', 'call_completed')
     and e.withdrawn_at is null
     and e.lead_id is null
     and $2 is null
     and e.event_timestamp < $1 - interval '30 days'
     and $12 is null
   union all
  select e.id, e.event_type, e.event_timestamp, e.lead_id, e.campaign_lead_id, e.contact_kind, e.contact_address, e.call_outcome, e.follow_up_at
    from events e
   where e.id = $12
     and e.event_type in ('email_replied', 'email_received', 'email_auto_replied', 'message_replied', 'call_completed')
),
-- on the telephone somebody answered if they talked; a voicemail or a busy line is no answer
spoken as (
  select a.*,
         a.event_type = 'email_auto_replied' as is_automatic,
         case a.event_type
           when 'message_replied' then 'linkedin'
           when 'call_completed' then 'call'
           else 'email'
         end as channel
    from answers a
   where a.event_type <> 'call_completed'
      or coalesce(a.call_outcome, '') not in ('voicemail', 'no_answer', 'busy', 'failed')
),
judged as (
  select s.*,
         case
           when s.is_automatic then 'automatic'
           when d.decision in ('done', 'skip') then 'handled'
           when d.until > $1 then 'snoozed'
           -- whoever logged it said when to go on: the queue has it then
           when s.follow_up_at is not null then 'handled'
           when s.call_outcome in ('not_interested', 'wrong_number', 'do_not_call') then 'closed'
           when m.overall_status in ('unsubscribed', 'disqualified', 'converted', 'bounced') then 'closed'
           when later.ours_at is not null then 'answered'
           when later.theirs_at is not null then 'followed'
           -- who talked with us has our word; we owe one only where they asked for more
           when s.channel = 'call' and coalesce(s.call_outcome, '') not in ('interested', 'callback') then 'answered'
           else 'needs_answer'
         end as state,
         d.id as decision_id,
         d.note as decision_note,
         d.decided_at,
         d.until as snoozed_until,
         later.ours_at
    from spoken s
    left join campaign_leads m on m.id = s.campaign_lead_id
    left join lateral (
      select q.id, q.decision, q.until, q.note, q.decided_at
        from touchline.decisions_in_force q
       where q.item = 'answer-' || s.id
       order by q.decided_at desc, q.id desc
       limit 1
    ) d on true
    -- what came after it: a word of ours (a step of a sequence is none), or another one of theirs
    left join lateral (
      select min(e.event_timestamp) filter (where e.event_type in ('message_sent', 'call_completed', 'call_voicemail') or e.event_type = 'email_sent' and e.sequence_step is null) as ours_at,
             min(e.event_timestamp) filter (where e.event_type in ('email_replied', 'email_received', 'message_replied')) as theirs_at
        from (
          -- two questions, each with an index of its own; as one with an `or` it reads all events for every reply
          select k.event_timestamp, k.event_type, k.sequence_step
            from events k
           where k.lead_id = s.lead_id
             and k.event_timestamp >= s.event_timestamp
             and (k.event_timestamp, k.id) > (s.event_timestamp, s.id)
             and k.withdrawn_at is null
           union all
          select u.event_timestamp, u.event_type, u.sequence_step
            from events u
           where s.lead_id is null
             and u.lead_id is null
             and u.contact_kind = s.contact_kind
             and u.contact_address = s.contact_address
             and (u.event_timestamp, u.id) > (s.event_timestamp, s.id)
             and u.withdrawn_at is null
        ) e
    ) later on not s.is_automatic
   where ($4::text is null or s.channel = $4)
     and (not $3::boolean or s.lead_id is null)
     and ($5::boolean or $12 is not null or not s.is_automatic)
),
ranked as (
  select j.*,
         case
           when j.state = 'needs_answer' and j.lead_id is null then 0
           when j.state = 'needs_answer' then 1
           when j.state <> 'automatic' then 2
           else 3
         end::smallint as rank,
         -- ascending: newest first by counting back
         case when $7::boolean then extract(epoch from j.event_timestamp) else -extract(epoch from j.event_timestamp) end as place
    from judged j
   where $6::text is null
      or j.state = $6
),
page as (
  select *
    from ranked
   where $8::smallint is null
      or (rank, place, id) > ($8, case when $7 then extract(epoch from $9::timestamptz) else -extract(epoch from $9) end, $10::uuid)
   order by rank, place, id
   limit $11
)
select p.id as event_id,
       p.event_timestamp,
       p.event_type,
       p.channel,
       p.state,
       p.rank,
       case
         when p.state = 'needs_answer' then coalesce(unanswered.since, p.event_timestamp)
       end as waiting_since,
       p.ours_at as answered_at,
       p.decision_id,
       p.decision_note,
       p.decided_at,
       p.snoozed_until,
       e.event_source,
       p.contact_kind,
       p.contact_address,
       p.lead_id,
       l.email as lead_email,
       l.first_name,
       l.last_name,
       l.job_title,
       l.company_id,
       coalesce(c.company_name, c.company_domain) as company_name,
       e.campaign_id,
       k.campaign_name,
       coalesce(e.sequence_step, before.sequence_step) as sequence_step,
       coalesce(e.interest_status, m.interest_status) as interest_status,
       e.call_outcome,
       e.call_duration_seconds,
       e.email_subject,
       left(coalesce(e.email_body, e.linkedin_message_text, e.call_summary, e.note_text, e.call_transcript), 4000) as words
  from page p
  join events e on e.id = p.id
  left join leads l on l.id = p.lead_id
  left join companies c on c.id = l.company_id
  left join campaigns k on k.id = e.campaign_id
  left join campaign_leads m on m.id = p.campaign_lead_id
  -- the step they answered
  left join lateral (
    select s.sequence_step
      from events s
     where s.campaign_lead_id = p.campaign_lead_id
       and s.event_type = 'email_sent'
       and s.sequence_step is not null
       and s.event_timestamp < p.event_timestamp
       and s.withdrawn_at is null
     order by s.event_timestamp desc
     limit 1
  ) before on true
  -- the first of their words that nobody has answered
  left join lateral (
    select min(t.event_timestamp) as since
      from events t
     where p.state = 'needs_answer'
       and p.lead_id is not null
       and t.lead_id = p.lead_id
       and t.event_type in ('email_replied', 'email_received', 'message_replied')
       and t.withdrawn_at is null
       and t.event_timestamp <= p.event_timestamp
       and t.event_timestamp > coalesce((
             select max(o.event_timestamp)
               from events o
              where o.lead_id = p.lead_id
                and o.withdrawn_at is null
                and o.event_timestamp < p.event_timestamp
                and (o.event_type in ('message_sent', 'call_completed', 'call_voicemail', 'email_sent'))
           ), '-infinity')
  ) unanswered on true
 order by p.rank, p.place, p.id
