-- Contacted by two running campaigns at once: the later one began while the earlier one was neither stopped nor over. One
-- row a person and later campaign. $1 how many
with begun as (
  select o.lead_id,
         o.campaign_id,
         o.channel,
         min(o.event_timestamp) as first_at,
         max(o.event_timestamp) as last_at,
         (array_agg(o.event_id order by o.event_timestamp, o.event_id))[1] as first_id,
         (array_agg(o.event_id order by o.event_timestamp desc, o.event_id desc))[1] as last_id
    from touchline.outgoing_touches o
    join campaigns c on c.id = o.campaign_id
   where not o.by_hand
     and c.campaign_status = 'active'
   group by o.lead_id, o.campaign_id, o.channel
),
pairs as (
  select distinct on (b.lead_id, b.campaign_id)
         b.*,
         a.campaign_id as other_campaign,
         a.last_id as other_id,
         a.last_at as other_at,
         other.stopped_at as other_stopped_at
    from begun b
    join begun a
      on a.lead_id = b.lead_id
     and a.campaign_id <> b.campaign_id
     and (a.first_at, a.campaign_id) < (b.first_at, b.campaign_id)
    left join campaign_leads other on other.lead_id = a.lead_id and other.campaign_id = a.campaign_id
   -- what was stopped before the other began is no double contact
   where other.stopped_at is null
      or other.stopped_at > b.first_at
   order by b.lead_id, b.campaign_id, a.last_at desc, a.last_id
)
select p.lead_id,
       nullif(concat_ws(' ', l.first_name, l.last_name), '') as full_name,
       l.email,
       p.channel,
       c.campaign_name,
       p.first_id as event_id,
       p.first_at as event_timestamp,
       p.other_id as evidence_event_id,
       null::uuid as suppression_id,
       'campaign ' || o.campaign_name || ' was writing to them, too' as evidence,
       p.other_at as evidence_at,
       case
         when p.other_at < p.first_at - interval '30 days' then 'the other campaign had been silent for 30 days'
       end as explanation
  from pairs p
  join leads l on l.id = p.lead_id
  join campaigns c on c.id = p.campaign_id
  join campaigns o on o.id = p.other_campaign
 order by p.first_at desc, p.first_id
 limit $1
