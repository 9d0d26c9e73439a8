-- 022 Which events stop a person, and why: one definition for the fold, the ledger and the check.
create view touchline.stop_signals as
select e.id as event_id,
       e.lead_id,
       e.campaign_id,
       e.event_timestamp,
       e.observed_at,
       e.event_source,
       coalesce(e.natural_key, e.id::text) as natural_key,
       e.contact_kind,
       e.contact_address,
       e.performed_by,
       signal.reason
  from events e
 cross join lateral (
   select case
            -- what a machine wrote is no answer
            when e.event_type in ('email_replied', 'email_received', 'message_replied') then 'reply'
            when e.event_type = 'email_unsubscribed' then 'opt_out'
            when e.event_type = 'email_bounced' then 'hard_bounce'
            when e.event_type = 'email_complained' then 'complaint'
          end as by_type,
          case
            when e.call_outcome in ('interested', 'callback') then 'reply'
            when e.call_outcome in ('meeting', 'not_interested', 'wrong_person', 'wrong_number', 'do_not_call', 'do_not_contact', 'opt_out', 'complaint')
              then e.call_outcome
          end as by_outcome,
          case e.interest_status
            when 1 then 'reply'
            when 2 then 'meeting'
            when 3 then 'meeting'
            when 4 then 'won'
            when -1 then 'not_interested'
            when -2 then 'wrong_person'
            when -3 then 'lost'
            -- 0 is out of office, -4 a meeting that was missed; others are the workspace's own
          end as by_interest
 ) told
 cross join lateral (
   select told.by_type
   union
   select told.by_outcome
   union
   select told.by_interest
   union
   select 'manual'
    where e.stops
      and coalesce(told.by_type, told.by_outcome, told.by_interest) is null
 ) as signal (reason)
 where signal.reason is not null
   and e.withdrawn_at is null;
comment on view touchline.stop_signals is 'Events after which nothing more may go out by itself: one row an event and reason. Automatic replies, out of office and withdrawn touches are none.';
comment on column touchline.stop_signals.event_id is 'The event.';
comment on column touchline.stop_signals.lead_id is 'Person; null: unknown.';
comment on column touchline.stop_signals.campaign_id is 'Campaign; null: outside campaigns.';
comment on column touchline.stop_signals.event_timestamp is 'When it happened.';
comment on column touchline.stop_signals.observed_at is 'When we learned of it.';
comment on column touchline.stop_signals.event_source is 'Who told it.';
comment on column touchline.stop_signals.natural_key is 'The event''s natural key, else its id.';
comment on column touchline.stop_signals.contact_kind is 'What contact_address is.';
comment on column touchline.stop_signals.contact_address is 'Address it came from.';
comment on column touchline.stop_signals.performed_by is 'User who logged it.';
comment on column touchline.stop_signals.reason is 'Why (stop_rules.reason).';
