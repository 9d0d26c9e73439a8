-- The state of each enrollment: a fold over the set of its touches and of what vendors' records say, by rank and by
-- their own times, so that the order of arrival does not matter. It knows kinds of touches, never vendors. A column that
-- a person has edited is left to them; what stops an enrollment is not edited but taken back. $1 now
with enrollments as materialized (
  select m.*,
         -- as it will stand after this fold: whether it is the first must not matter
         coalesce(
           (
             select min(v.enrolled_at)
               from vendor_standings v
              where v.lead_id = m.lead_id
                and v.campaign_id = m.campaign_id
           ),
           m.enrolled_at
         ) as entered_at,
         coalesce(
           c.stops_company,
           exists (select from touchline.settings where name = 'stop_company' and value = 'true')
         ) as stops_company
    from touched_leads
    join campaign_leads m using (lead_id)
    join campaigns c on c.id = m.campaign_id
),
touches as (
  select m.id,
         max(e.event_timestamp) filter (where e.event_type = 'email_sent') as email_sent_at,
         min(e.event_timestamp) filter (where e.event_type in ('email_replied', 'email_received')) as email_replied_at,
         max(e.sequence_step) filter (where e.event_type in ('email_sent', 'connection_sent', 'message_sent', 'call_completed', 'call_voicemail', 'call_no_answer')) as step,
         coalesce(bool_or(e.event_type = 'email_opened'), false) as opened,
         coalesce(bool_or(e.event_type = 'email_clicked'), false) as clicked,
         coalesce(bool_or(e.event_type = 'email_failed'), false) as failed,
         coalesce(bool_or(e.event_type in ('email_replied', 'email_received', 'email_auto_replied')), false) as heard_from,
         max(e.event_timestamp) filter (where e.event_type = 'call_scheduled') as call_scheduled_at,
         max(e.event_timestamp) filter (where call.status = 'completed') as call_completed_at,
         -- spoken to beats not reached; of those that did not reach anybody, the latest
         (array_agg(call.status order by call.status = 'completed' desc, e.event_timestamp desc, call.status desc, e.natural_key)
            filter (where call.status is not null))[1] as call_status,
         coalesce(max(array_position(
           array['connection_sent', 'connection_accepted', 'message_sent', 'message_replied'], e.event_type
         )), 0) as linkedin_rank
    from enrollments m
    join events e on e.campaign_lead_id = m.id
   cross join lateral (
     select case
              when e.event_type = 'call_completed' then
                case coalesce(e.call_outcome, '')
                  when 'voicemail' then 'voicemail'
                  when 'no_answer' then 'no_answer'
                  when 'busy' then 'no_answer'
                  when 'failed' then null
                  else 'completed'
                end
              when e.event_type = 'call_voicemail' then 'voicemail'
              when e.event_type = 'call_no_answer' then 'no_answer'
              when e.event_type = 'call_failed' and e.call_outcome in ('busy', 'no_answer') then 'no_answer'
              when e.event_type in ('call_scheduled', 'call_initiated') then 'scheduled'
            end as status
   ) call
   where e.withdrawn_at is null
   group by m.id
),
-- words on interest: of this campaign, or of none in particular. A person's beats an automatic one, then the latest counts.
words as (
  select m.id,
         e.event_source = 'manual' as by_a_person,
         e.event_timestamp as said_at,
         coalesce(e.natural_key, e.id::text) as said_by,
         word.interest
    from enrollments m
    join events e on e.lead_id = m.lead_id
     and (e.campaign_id = m.campaign_id or e.campaign_id is null)
   cross join lateral (
     select coalesce(
              e.interest_status,
              case e.call_outcome when 'interested' then 1 when 'meeting' then 2 when 'not_interested' then -1 when 'wrong_person' then -2 end
            ) as interest
   ) word
   where e.withdrawn_at is null
     and (
       word.interest is not null
       -- set back to none, which is not 0; a custom label has words instead of a code
       or e.event_type = 'interest_changed' and e.note_text is null
     )
  union all
  select m.id,
         false,
         coalesce(v.interest_at, v.told_at),
         '~record',
         v.interest
    from enrollments m
    join vendor_standings v
      on v.lead_id = m.lead_id
     and v.campaign_id = m.campaign_id
   where v.interest is not null
      or v.interest_at is not null
),
interests as (
  select distinct on (id)
         id,
         interest
    from words
   order by id, by_a_person desc, said_at desc, said_by desc
),
-- what stops this enrollment: not what was known when a person said that it goes on, and, but for what forbids contact
-- for good, not what was said before the person entered the campaign
applying as materialized (
  select m.id,
         s.*,
         s.own and (s.campaign_id = m.campaign_id or s.campaign_id is null) as here,
         r.position,
         r.stops,
         r.overall_status,
         r.elsewhere_status
    from enrollments m
    join signals s using (lead_id)
    join touchline.stop_rules r using (reason)
   where (s.own or m.stops_company)
     and (m.resumed_at is null or s.observed_at > m.resumed_at)
     and (r.suppresses is not null or m.entered_at is null or s.happened_at >= m.entered_at or s.campaign_id = m.campaign_id)
),
stops as (
  select distinct on (id)
         id,
         reason,
         event_id,
         happened_at
    from applying
   where stops = 'all'
   order by id, happened_at, position, signal_key
),
-- interest says how it stands by its latest word, not by every word there ever was
said as (
  select a.id,
         coalesce(bool_or(a.here and a.reason = 'opt_out'), false) as opted_out,
         coalesce(bool_or(a.here and a.reason = 'hard_bounce'), false) as bounced,
         coalesce(bool_or(a.own and a.reason = 'do_not_call'), false) as do_not_call,
         coalesce(bool_or(a.own and a.reason = 'wrong_number'), false) as wrong_number,
         min(array_position(
           array['unsubscribed', 'converted', 'disqualified', 'bounced', 'replied'],
           case when a.here then a.overall_status when a.own then a.elsewhere_status end
         )) filter (where a.reason not in ('not_interested', 'wrong_person', 'lost', 'won', 'meeting')) as overall_rank,
         -- they spoke elsewhere, of this or that
         coalesce(bool_or(a.own and not a.here and a.reason in ('won', 'meeting')), false) as met_elsewhere
    from applying a
   group by a.id
),
facts as (
  select m.id,
         m.lead_id,
         t.step,
         coalesce(t.email_sent_at, v.contacted_at) as email_sent_at,
         coalesce(t.email_replied_at, case when not coalesce(t.heard_from, false) then v.replied_at end) as email_replied_at,
         coalesce(t.opened, false) or coalesce(v.opened, false) as opened,
         coalesce(t.clicked, false) or coalesce(v.clicked, false) as clicked,
         coalesce(t.failed, false) as failed,
         coalesce(s.opted_out, false) as opted_out,
         coalesce(s.bounced, false) as bounced,
         case
           when s.do_not_call then 'do_not_call'
           when s.wrong_number then 'wrong_number'
           else coalesce(t.call_status, 'not_scheduled')
         end as call_status,
         t.call_scheduled_at,
         t.call_completed_at,
         coalesce(t.linkedin_rank, 0) as linkedin_rank,
         i.interest,
         s.overall_rank,
         coalesce(s.met_elsewhere, false) as met_elsewhere,
         stops.happened_at as stopped_at,
         stops.reason as stop_reason,
         stops.event_id as stop_event_id,
         v.enrolled_at
    from enrollments m
    left join touches t using (id)
    left join interests i using (id)
    left join said s using (id)
    left join stops using (id)
    left join (
      select lead_id,
             campaign_id,
             min(enrolled_at) as enrolled_at,
             min(replied_at) as replied_at,
             max(contacted_at) as contacted_at,
             bool_or(opened) as opened,
             bool_or(clicked) as clicked
        from vendor_standings
       group by lead_id, campaign_id
    ) v
      on v.lead_id = m.lead_id
     and v.campaign_id = m.campaign_id
),
-- a no in one campaign is a no in those that it stopped
refusals as (
  select lead_id,
         count(*) filter (where interest in (-1, -2, -3)) as refused
    from facts
   group by lead_id
),
followups as (
  select distinct on (m.id)
         m.id,
         e.follow_up_at
    from enrollments m
    join facts f using (id)
    join events e on e.lead_id = m.lead_id
     and (e.campaign_id = m.campaign_id or e.campaign_id is null)
   where e.follow_up_at is not null
     and e.withdrawn_at is null
     -- what was planned before the stop is off
     and (f.stopped_at is null or e.event_timestamp >= f.stopped_at)
   order by m.id, e.event_timestamp desc, e.natural_key desc
),
folded as (
  select f.*,
         case
           when f.opted_out then 'unsubscribed'
           when f.bounced then 'bounced'
           when f.email_replied_at is not null then 'replied'
           when f.clicked then 'clicked'
           when f.opened then 'opened'
           when f.email_sent_at is not null then 'sent'
           when f.failed then 'failed'
           else 'pending'
         end as email_status,
         (array['not_started', 'connection_sent', 'connected', 'message_sent', 'replied'])[f.linkedin_rank + 1] as linkedin_status,
         case
           when f.overall_rank = 1 then 'unsubscribed'
           when f.interest = 4 then 'converted'
           when f.overall_rank = 2 then 'converted'
           when f.interest in (-1, -2, -3) then 'disqualified'
           when f.overall_rank = 3 then 'disqualified'
           when f.stop_reason is not null and f.interest is null and r.refused > 0 then 'disqualified'
           when f.overall_rank = 4 then 'bounced'
           when f.overall_rank = 5 or f.email_replied_at is not null or f.interest in (2, 3) or f.met_elsewhere then 'replied'
           else 'active'
         end as overall_status,
         touchline.instant_text(u.follow_up_at) as planned
    from facts f
    join refusals r using (lead_id)
    left join followups u using (id)
),
merged as (
  select m.id,
         case when f.email_status then d.email_status else m.email_status end as email_status,
         case when f.email_sent_at then d.email_sent_at else m.email_sent_at end as email_sent_at,
         case when f.email_replied_at then d.email_replied_at else m.email_replied_at end as email_replied_at,
         case when f.call_status then d.call_status else m.call_status end as call_status,
         case when f.call_scheduled_at then d.call_scheduled_at else m.call_scheduled_at end as call_scheduled_at,
         case when f.call_completed_at then d.call_completed_at else m.call_completed_at end as call_completed_at,
         case when f.linkedin_status then d.linkedin_status else m.linkedin_status end as linkedin_status,
         case when f.overall_status then d.overall_status else m.overall_status end as overall_status,
         case when f.step then d.step else m.sequence_step end as sequence_step,
         case when f.interest then d.interest else m.interest_status end as interest_status,
         case when f.enrolled_at then d.enrolled_at else m.enrolled_at end as enrolled_at,
         d.stopped_at,
         d.stop_reason,
         d.stop_event_id,
         -- when somebody is due again is anybody's word, and the newest counts: only news of ours replaces it
         case
           when n.planned then coalesce(d.planned::timestamptz, case when d.stopped_at is null then touchline.instant(m.derived ->> 'followup_before') end)
           when n.stopped then null
           when n.goes_on then coalesce(m.next_followup_at, touchline.instant(m.derived ->> 'followup_before'))
           else m.next_followup_at
         end as next_followup_at,
         (m.derived - array[
           'email_status', 'email_sent_at', 'email_replied_at', 'call_status', 'call_scheduled_at', 'call_completed_at', 'linkedin_status',
           'overall_status', 'sequence_step', 'interest_status', 'enrolled_at', 'next_followup_at', 'followup_before'
         ]) || jsonb_strip_nulls(jsonb_build_object(
           'email_status', case when f.email_status then nullif(d.email_status, 'pending') else m.derived ->> 'email_status' end,
           'email_sent_at', case when f.email_sent_at then touchline.instant_text(d.email_sent_at) else m.derived ->> 'email_sent_at' end,
           'email_replied_at', case when f.email_replied_at then touchline.instant_text(d.email_replied_at) else m.derived ->> 'email_replied_at' end,
           'call_status', case when f.call_status then nullif(d.call_status, 'not_scheduled') else m.derived ->> 'call_status' end,
           'call_scheduled_at', case when f.call_scheduled_at then touchline.instant_text(d.call_scheduled_at) else m.derived ->> 'call_scheduled_at' end,
           'call_completed_at', case when f.call_completed_at then touchline.instant_text(d.call_completed_at) else m.derived ->> 'call_completed_at' end,
           'linkedin_status', case when f.linkedin_status then nullif(d.linkedin_status, 'not_started') else m.derived ->> 'linkedin_status' end,
           'overall_status', case when f.overall_status then nullif(d.overall_status, 'active') else m.derived ->> 'overall_status' end,
           'sequence_step', case when f.step then d.step::text else m.derived ->> 'sequence_step' end,
           'interest_status', case when f.interest then d.interest::text else m.derived ->> 'interest_status' end,
           'enrolled_at', case when f.enrolled_at then touchline.instant_text(d.enrolled_at) else m.derived ->> 'enrolled_at' end,
           'next_followup_at', d.planned,
           -- what a person had planned comes back when the stop is taken back
           'followup_before', case
             when (n.planned and d.planned is not null or n.stopped)
              and m.next_followup_at is not null
              and touchline.instant_text(m.next_followup_at) is distinct from m.derived ->> 'next_followup_at'
               then touchline.instant_text(m.next_followup_at)
             when d.stopped_at is null and d.planned is null then null
             else m.derived ->> 'followup_before'
           end
         )) as derived
    from enrollments m
    join folded d using (id)
   cross join lateral (
      select touchline.follows(m.derived, 'email_status', m.email_status, 'pending') as email_status,
             touchline.follows(m.derived, 'email_sent_at', touchline.instant_text(m.email_sent_at), null) as email_sent_at,
             touchline.follows(m.derived, 'email_replied_at', touchline.instant_text(m.email_replied_at), null) as email_replied_at,
             touchline.follows(m.derived, 'call_status', m.call_status, 'not_scheduled') as call_status,
             touchline.follows(m.derived, 'call_scheduled_at', touchline.instant_text(m.call_scheduled_at), null) as call_scheduled_at,
             touchline.follows(m.derived, 'call_completed_at', touchline.instant_text(m.call_completed_at), null) as call_completed_at,
             touchline.follows(m.derived, 'linkedin_status', m.linkedin_status, 'not_started') as linkedin_status,
             touchline.follows(m.derived, 'overall_status', m.overall_status, 'active') as overall_status,
             touchline.follows(m.derived, 'sequence_step', m.sequence_step::text, null) as step,
             touchline.follows(m.derived, 'interest_status', m.interest_status::text, null) as interest,
             touchline.follows(m.derived, 'enrolled_at', touchline.instant_text(m.enrolled_at), null) as enrolled_at
    ) f
   cross join lateral (
      select d.planned is distinct from m.derived ->> 'next_followup_at' as planned,
             d.stopped_at is not null and m.stopped_at is null as stopped,
             d.stopped_at is null and m.stopped_at is not null as goes_on
    ) n
)
update campaign_leads m
   set email_status = n.email_status,
       email_sent_at = n.email_sent_at,
       email_replied_at = n.email_replied_at,
       call_status = n.call_status,
       call_scheduled_at = n.call_scheduled_at,
       call_completed_at = n.call_completed_at,
       linkedin_status = n.linkedin_status,
       overall_status = n.overall_status,
       sequence_step = n.sequence_step,
       interest_status = n.interest_status,
       enrolled_at = n.enrolled_at,
       stopped_at = n.stopped_at,
       stop_reason = n.stop_reason,
       stop_event_id = n.stop_event_id,
       next_followup_at = n.next_followup_at,
       derived = n.derived,
       updated_at = $1
  from merged n
 where m.id = n.id
   and (m.email_status, m.email_sent_at, m.email_replied_at, m.call_status, m.call_scheduled_at, m.call_completed_at, m.linkedin_status,
        m.overall_status, m.sequence_step, m.interest_status, m.enrolled_at, m.stopped_at, m.stop_reason, m.stop_event_id,
        m.next_followup_at, m.derived)
       is distinct from
       (n.email_status, n.email_sent_at, n.email_replied_at, n.call_status, n.call_scheduled_at, n.call_completed_at, n.linkedin_status,
        n.overall_status, n.sequence_step, n.interest_status, n.enrolled_at, n.stopped_at, n.stop_reason, n.stop_event_id,
        n.next_followup_at, n.derived)
