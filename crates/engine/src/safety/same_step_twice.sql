-- The same step of the same campaign on the same channel, more than once: each touch after the first. Calls count where they
-- carry a step. $1 how many
with steps as (
  select o.*,
         lag(o.event_id) over same as before_id,
         lag(o.event_timestamp) over same as before_at
    from touchline.outgoing_touches o
   where o.sequence_step is not null
     and o.campaign_id is not null
     and not o.by_hand
  window same as (partition by o.lead_id, o.campaign_id, o.channel, o.event_type, o.sequence_step order by o.event_timestamp, o.event_id)
)
select s.lead_id,
       nullif(concat_ws(' ', l.first_name, l.last_name), '') as full_name,
       l.email,
       s.channel,
       c.campaign_name,
       s.event_id,
       s.event_timestamp,
       s.before_id as evidence_event_id,
       null::uuid as suppression_id,
       'step ' || s.sequence_step || ' had gone out already' as evidence,
       s.before_at as evidence_at,
       case
         when m.resumed_at between s.before_at and s.event_timestamp then 'a person let it go on in between'
         -- the same person, added again: the vendor begins anew
         when exists (
           select from instantly_leads_raw again
            where again.instantly_campaign_id = c.instantly_campaign_id
              and again.email_address = s.contact_address
              and touchline.instant(again.raw_json ->> 'timestamp_created') between s.before_at and s.event_timestamp
         ) then 'the person was added to the campaign again in between'
       end as explanation
  from steps s
  join leads l on l.id = s.lead_id
  join campaigns c on c.id = s.campaign_id
  left join campaign_leads m on m.lead_id = s.lead_id and m.campaign_id = s.campaign_id
 where s.before_id is not null
 order by s.event_timestamp desc, s.event_id
 limit $1
