-- Calls → events: what is known of a call by whatever road, read together, so that neither order nor repetition matters.
-- Each call is at most four rows: it was scheduled, dialled, answered, and came out. What turns out not to be so (an
-- answer that was a mailbox) is taken back. $1 now
with touched as materialized (
  select record_key as vapi_call_id
    from changed
   where raw_table = 'vapi_calls_raw'
  union
  select m.vapi_call_id
    from changed
    join vapi_messages_raw m on m.message_key = changed.record_key
   where changed.raw_table = 'vapi_messages_raw'
     and m.meaning = 'call'
  union
  -- their campaign is known by now
  select c.vapi_call_id
    from changed
    join vapi_calls_raw c on c.vapi_campaign_id = changed.record_key
   where changed.raw_table = 'vapi_campaigns_raw'
  union
  select m.vapi_call_id
    from changed
    join vapi_messages_raw m on m.vapi_campaign_id = changed.record_key
   where changed.raw_table = 'vapi_campaigns_raw'
     and m.meaning = 'call'
  union
  -- their person is known by now
  select e.vapi_call_id
    from events e
    join lead_identities i
      on i.identity_kind = 'phone'
     and i.identity_value = e.contact_address
   where e.lead_id is null
     and e.contact_kind = 'phone'
     and e.event_source = 'vapi'
     and e.vapi_call_id is not null
),
told as materialized (
  select 2 as road,
         c.vapi_call_id as told_key,
         c.vapi_call_id, c.call_type, c.call_status, c.ended_reason, c.ended_bucket, c.vapi_campaign_id, c.customer_number,
         c.our_ids, c.scheduled_for, c.call_created_at, c.call_started_at, c.call_ended_at, c.duration_seconds, c.cost_usd,
         c.call_outcome, c.customer_spoke, c.has_recording, null::timestamptz as message_at, c.raw_json as call_json,
         c.created_at
    from touched
    join vapi_calls_raw c using (vapi_call_id)
  union all
  select case when m.message_type = 'end-of-call-report' then 1 else 3 end,
         m.message_key,
         m.vapi_call_id, m.call_type, m.call_status, m.ended_reason, m.ended_bucket, m.vapi_campaign_id, m.customer_number,
         m.our_ids, m.scheduled_for, m.call_created_at, m.call_started_at, m.call_ended_at, m.duration_seconds, m.cost_usd,
         m.call_outcome, m.customer_spoke, m.has_recording, m.message_at, m.raw_json -> 'message',
         m.created_at
    from touched
    join vapi_messages_raw m using (vapi_call_id)
   where m.meaning = 'call'
),
-- one value each: of the report, else of the list, else of a change of status; among equals the latest
facts as (
  select vapi_call_id,
         max(call_type) as call_type,
         (array_agg(vapi_campaign_id order by road, message_at desc nulls last, told_key) filter (where vapi_campaign_id is not null))[1] as vapi_campaign_id,
         (array_agg(customer_number order by road, message_at desc nulls last, told_key) filter (where customer_number is not null))[1] as phone,
         (array_agg(our_ids::text order by road, message_at desc nulls last, told_key) filter (where our_ids is not null))[1] as our_ids,
         (array_agg(ended_reason order by ended_reason = 'call-deleted', road, message_at desc nulls last, told_key) filter (where ended_reason is not null))[1] as ended_reason,
         (array_agg(ended_bucket order by ended_reason = 'call-deleted', road, message_at desc nulls last, told_key) filter (where ended_reason is not null))[1] as bucket,
         (array_agg(duration_seconds order by road, message_at desc nulls last, told_key) filter (where duration_seconds is not null))[1] as duration_seconds,
         -- costs and analysis may come after the report
         (array_agg(cost_usd order by road <> 2, road, message_at desc nulls last, told_key) filter (where cost_usd is not null and call_status = 'ended' and road < 3))[1] as cost_usd,
         (array_agg(call_outcome order by road <> 2, road, message_at desc nulls last, told_key) filter (where call_outcome is not null))[1] as said_outcome,
         bool_or(customer_spoke) filter (where road < 3) as customer_spoke,
         bool_or(has_recording) as has_recording,
         bool_or(call_status = 'scheduled') or min(scheduled_for) is not null as was_scheduled,
         min(scheduled_for) as scheduled_for,
         bool_or(call_status = 'ended') as has_ended,
         bool_or(call_status in ('in-progress', 'forwarding')) or min(call_started_at) is not null as has_connected,
         bool_or(call_status in ('queued', 'ringing', 'in-progress', 'forwarding')) as was_dialled,
         coalesce(min(call_created_at), min(message_at), min(created_at)) as made_at,
         -- nothing happens before the call is made, whatever a message's clock says
         greatest(min(message_at) filter (where call_status in ('queued', 'ringing', 'in-progress', 'forwarding')), min(call_created_at)) as dialled_at,
         coalesce(min(call_started_at), greatest(min(message_at) filter (where call_status = 'in-progress'), min(call_created_at))) as connected_at,
         coalesce(max(call_ended_at), greatest(min(message_at) filter (where call_status = 'ended'), min(call_created_at))) as over_at,
         min(created_at) as observed_at
    from told
   group by vapi_call_id
),
-- the richest account of the call: how it ended, where anybody tells
accounts as (
  select distinct on (vapi_call_id)
         vapi_call_id,
         call_json,
         coalesce(touchline.filled(call_json #>> '{artifact,transcript}'), touchline.filled(call_json ->> 'transcript')) as transcript,
         coalesce(touchline.filled(call_json #>> '{analysis,summary}'), touchline.filled(call_json ->> 'summary')) as summary
    from told
   order by vapi_call_id,
            call_status is distinct from 'ended',
            coalesce(touchline.filled(call_json #>> '{artifact,transcript}'), touchline.filled(call_json ->> 'transcript')) is null,
            road,
            message_at desc nulls last,
            told_key
),
summaries as (
  select distinct on (vapi_call_id)
         vapi_call_id,
         touchline.filled(call_json #>> '{analysis,summary}') as summary
    from told
   where road < 3
     and touchline.filled(call_json #>> '{analysis,summary}') is not null
   order by vapi_call_id, road <> 2, road, message_at desc nulls last, told_key
),
judged as (
  select f.*,
         case
           when not coalesce(f.has_ended, false) then null
           when f.said_outcome = 'voicemail' and f.bucket in ('answered', 'unclear', 'hook') then 'call_voicemail'
           when f.said_outcome = 'no_answer' and f.bucket in ('answered', 'unclear', 'hook') then 'call_no_answer'
           when f.bucket in ('answered', 'transferred', 'hook') then 'call_completed'
           when f.bucket = 'voicemail' then 'call_voicemail'
           when f.bucket in ('no_answer', 'busy') then 'call_no_answer'
           when f.bucket = 'canceled' then case when f.has_connected and f.customer_spoke then 'call_completed' else 'call_canceled' end
           -- the words decide: a silence is nobody there
           when f.bucket = 'unclear' or f.bucket is null then case when f.customer_spoke then 'call_completed' else 'call_no_answer' end
           else 'call_failed'
         end as came_out
    from facts f
   -- a browser's call by nobody we can name is a trial of the assistant; raw keeps it
   where f.phone is not null
      or f.our_ids is not null
      or coalesce(f.call_type, '') not in ('webCall', 'vapi.websocketCall')
),
people as (
  select j.*,
         coalesce(by_id.lead_id, by_phone.lead_id) as lead_id,
         coalesce(by_id.campaign_id, named.id, linked.id) as campaign_id
    from judged j
    left join lateral (
      select coalesce(l.id, m.lead_id) as lead_id,
             m.campaign_id
        from unnest(j.our_ids::uuid[]) with ordinality as ours (id, place)
        left join leads l on l.id = ours.id
        left join campaign_leads m on m.id = ours.id
       where l.id is not null
          or m.id is not null
       order by ours.place
       limit 1
    ) by_id on true
    left join lead_identities by_phone
      on by_phone.identity_kind = 'phone'
     and by_phone.identity_value = j.phone
    left join lateral (
      select coalesce(m.campaign_id, c.id) as id
        from unnest(j.our_ids::uuid[]) with ordinality as ours (id, place)
        left join campaigns c on c.id = ours.id
        left join campaign_leads m on m.id = ours.id
       where c.id is not null
          or m.id is not null
       order by m.id is null, ours.place
       limit 1
    ) named on true
    left join lateral (
      select c.id
        from campaigns c
       where c.vapi_campaign_id = j.vapi_campaign_id
       order by c.created_at, c.id
       limit 1
    ) linked on true
),
touches as (
  select p.vapi_call_id,
         p.lead_id,
         p.campaign_id,
         p.phone,
         p.observed_at,
         stage.kind,
         stage.at,
         stage.is_end,
         case when stage.is_end then p.duration_seconds end as duration_seconds,
         case when stage.is_end and p.has_recording then '/api/v1/calls/' || p.vapi_call_id || '/recording' end as recording_url,
         case when stage.is_end then a.transcript end as transcript,
         case when stage.is_end then coalesce(s.summary, a.summary) end as summary,
         case when stage.is_end then p.cost_usd end as cost_usd,
         case when stage.is_end then p.ended_reason end as ended_reason,
         case
           when not stage.is_end then null
           when stage.kind = 'call_voicemail' then 'voicemail'
           when p.bucket = 'busy' then 'busy'
           when stage.kind = 'call_no_answer' then 'no_answer'
           when p.bucket = 'bad_number' then 'wrong_number'
           when stage.kind = 'call_failed' then 'failed'
           when stage.kind = 'call_completed' then p.said_outcome
         end as outcome,
         -- the end has the whole account; what came before has the call without its words
         case
           when stage.is_end then a.call_json
           else a.call_json - array['artifact', 'messages', 'transcript', 'summary', 'analysis', 'cost', 'costs', 'costBreakdown', 'assistant']
         end as raw_data
    from people p
    join accounts a using (vapi_call_id)
    left join summaries s using (vapi_call_id)
   cross join lateral (
      values
        ('call_scheduled', p.made_at, false, p.was_scheduled),
        (
          'call_initiated',
          case when p.was_scheduled then coalesce(p.dialled_at, p.connected_at, p.over_at, p.made_at) else p.made_at end,
          false,
          case
            when p.bucket in ('not_placed', 'canceled') then p.has_connected
            else p.was_dialled or p.has_connected or coalesce(p.has_ended, false)
          end
        ),
        (
          'call_answered',
          coalesce(p.connected_at, p.made_at),
          false,
          case p.came_out
            when 'call_completed' then true
            when 'call_failed' then p.has_connected and coalesce(p.customer_spoke, false)
            else p.came_out is null and p.has_connected
          end
        ),
        (p.came_out, coalesce(p.over_at, p.made_at), true, p.came_out is not null)
    ) as stage (kind, at, is_end, holds)
   where stage.holds
),
withdrawn as (
  delete from events e
   using touched
   where e.vapi_call_id = touched.vapi_call_id
     and e.event_source = 'vapi'
     and e.natural_key like 'vapi:call:%'
     and not exists (
       select from touches t
        where e.natural_key = 'vapi:call:' || t.vapi_call_id || ':' || t.kind
     )
  returning e.lead_id
),
written as (
  insert into events as t (
    event_source, event_type, lead_id, campaign_id, event_timestamp, vapi_call_id,
    call_duration_seconds, call_recording_url, call_transcript, call_summary, call_cost_usd, call_outcome, call_ended_reason,
    raw_data, natural_key, contact_kind, contact_address, observed_at, created_at, updated_at
  )
  select 'vapi',
         w.kind,
         w.lead_id,
         w.campaign_id,
         w.at,
         w.vapi_call_id,
         w.duration_seconds,
         w.recording_url,
         w.transcript,
         w.summary,
         w.cost_usd,
         w.outcome,
         w.ended_reason,
         w.raw_data,
         'vapi:call:' || w.vapi_call_id || ':' || w.kind,
         'phone',
         w.phone,
         w.observed_at,
         $1,
         $1
    from touches w
      on conflict (natural_key) do update
     set -- a person may have linked it elsewhere
         lead_id = coalesce(t.lead_id, excluded.lead_id),
         campaign_id = coalesce(t.campaign_id, excluded.campaign_id),
         event_timestamp = excluded.event_timestamp,
         call_duration_seconds = excluded.call_duration_seconds,
         call_recording_url = excluded.call_recording_url,
         call_transcript = excluded.call_transcript,
         call_summary = excluded.call_summary,
         call_cost_usd = excluded.call_cost_usd,
         call_outcome = excluded.call_outcome,
         call_ended_reason = excluded.call_ended_reason,
         raw_data = excluded.raw_data,
         contact_address = excluded.contact_address,
         updated_at = $1
   where (coalesce(t.lead_id, excluded.lead_id), coalesce(t.campaign_id, excluded.campaign_id), t.event_timestamp,
          t.call_duration_seconds, t.call_recording_url, t.call_transcript, t.call_summary, t.call_cost_usd, t.call_outcome,
          t.call_ended_reason, t.raw_data, t.contact_address)
         is distinct from
         (t.lead_id, t.campaign_id, excluded.event_timestamp,
          excluded.call_duration_seconds, excluded.call_recording_url, excluded.call_transcript, excluded.call_summary,
          excluded.call_cost_usd, excluded.call_outcome, excluded.call_ended_reason, excluded.raw_data, excluded.contact_address)
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
select lead_id from written
union all
select lead_id from withdrawn
