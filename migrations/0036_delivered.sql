-- 036 Who was delivered to is a sum of its own, so that the figure opens its rows; a call that was never placed contacts nobody.
-- One definition for a figure and for the rows behind it.
create or replace view touchline.counted_touches as
select e.id,
       e.lead_id,
       e.campaign_id,
       e.event_timestamp,
       (e.event_timestamp at time zone touchline.time_zone())::date as touched_on,
       e.sequence_step,
       counted.channel,
       counted.stage
  from events e
 cross join lateral (
   values (
     case
       when e.event_type like 'email\_%' then 'email'
       when e.event_type like 'call\_%' or e.contact_kind = 'phone' then 'call'
       when e.event_type like any (array['connection\_%', 'message\_%', 'profile\_%']) or e.contact_kind = 'linkedin' then 'linkedin'
       else 'email'
     end
   )
 ) as by_type (channel)
 cross join lateral (
   values (
     by_type.channel,
     case
       when e.event_type in ('email_sent', 'connection_sent', 'message_sent', 'call_completed', 'call_voicemail', 'call_no_answer') then 'contacted'
       -- a call that the tool never placed reached nobody's phone; one that a person logged was placed
       when e.event_type = 'call_failed'
         and (
           e.vapi_call_id is null
           or exists (
             select from events placed
              where placed.vapi_call_id = e.vapi_call_id
                and placed.event_type = 'call_initiated'
                and placed.withdrawn_at is null
           )
         ) then 'contacted'
       when e.event_type in ('email_opened', 'email_clicked', 'connection_accepted') then 'opened'
       when e.event_type in ('email_replied', 'email_received', 'message_replied') then 'answered'
       when e.event_type = 'email_bounced' then 'bounced'
     end
   ), (
     by_type.channel,
     -- a conversation is picked up and answered at once
     case when e.event_type = 'call_completed' and coalesce(e.call_outcome, '') not in ('voicemail', 'no_answer', 'busy', 'failed') then 'opened' end
   ), (
     by_type.channel,
     case when e.event_type = 'call_completed' and coalesce(e.call_outcome, '') not in ('voicemail', 'no_answer', 'busy', 'failed', 'wrong_number') then 'answered' end
   ), (
     by_type.channel,
     case when e.interest_status in (1, 2, 3, 4) or e.call_outcome in ('interested', 'meeting', 'callback') then 'positive' end
   ), (
     by_type.channel,
     case when e.interest_status in (2, 3) or e.call_outcome = 'meeting' then 'meeting' end
   ), (
     by_type.channel,
     case when e.interest_status = 4 then 'converted' end
   )
 ) as counted (channel, stage)
 where counted.stage is not null
   and e.withdrawn_at is null;

comment on column touchline.funnel_people.stage is 'As in counted_touches; also delivered: contacted that day, and no mail ever came back.';
insert into touchline.funnel_people (campaign_id, channel, stage, reached_on, people)
select campaign_id, channel, 'delivered', contacted_on, count(*)
  from touchline.reached
 where contacted_on is not null
   and bounced_on is null
 group by campaign_id, channel, contacted_on;

-- Calls that failed are counted again.
insert into touchline.funnel_changes (campaign_id, changed_on, lead_id)
select distinct campaign_id, (event_timestamp at time zone touchline.time_zone())::date, lead_id
  from events
 where event_type = 'call_failed'
   and vapi_call_id is not null;
