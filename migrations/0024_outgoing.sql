-- 024 What went out by itself, for the check of who was contacted and should not have been.
create view touchline.outgoing_touches as
select e.id as event_id,
       e.lead_id,
       e.campaign_id,
       e.event_timestamp,
       e.observed_at,
       e.event_source,
       e.event_type,
       e.sequence_step,
       e.contact_kind,
       e.contact_address,
       case
         when e.event_type like 'call\_%' then 'call'
         when e.event_type = 'email_sent' then 'email'
         else 'linkedin'
       end as channel,
       -- a message outside every sequence, such as an answer out of the mailbox, and what people log
       e.event_source = 'manual' or e.event_type = 'email_sent' and e.sequence_step is null as by_hand
  from events e
 where e.event_type in ('email_sent', 'connection_sent', 'message_sent', 'call_completed', 'call_voicemail', 'call_no_answer', 'call_failed')
   and e.withdrawn_at is null
   and e.lead_id is not null;
comment on view touchline.outgoing_touches is 'Touches that we made, one row each.';
comment on column touchline.outgoing_touches.event_id is 'The event.';
comment on column touchline.outgoing_touches.lead_id is 'Person.';
comment on column touchline.outgoing_touches.campaign_id is 'Campaign; null: outside campaigns.';
comment on column touchline.outgoing_touches.event_timestamp is 'When it went out.';
comment on column touchline.outgoing_touches.observed_at is 'When we learned of it.';
comment on column touchline.outgoing_touches.event_source is 'Who told it.';
comment on column touchline.outgoing_touches.event_type is 'What it is.';
comment on column touchline.outgoing_touches.sequence_step is 'Step of the sequence; null: none.';
comment on column touchline.outgoing_touches.contact_kind is 'What contact_address is.';
comment on column touchline.outgoing_touches.contact_address is 'Where it went.';
comment on column touchline.outgoing_touches.channel is 'email, call, linkedin.';
comment on column touchline.outgoing_touches.by_hand is 'True: a person did it, or it belongs to no sequence; nothing that runs by itself.';
