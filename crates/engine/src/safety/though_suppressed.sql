-- What went out on a channel while a suppression forbade it, also by hand: the first such touch of each suppression and
-- channel. $1 how many
with concerned as (
  select s.id,
         s.lead_id
    from suppressions s
   where s.lead_id is not null
  union
  select s.id,
         i.lead_id
    from suppressions s
    join lead_identities i
      on i.identity_kind = s.contact_kind
     and i.identity_value = s.contact_address
  union
  select s.id,
         l.id
    from suppressions s
    join leads l on l.company_id = s.company_id
   where s.scope = 'company'
  union
  select s.id,
         l.id
    from suppressions s
    join companies c on c.company_domain = s.contact_address
    join leads l on l.company_id = c.id
   where s.contact_kind = 'domain'
),
late as (
  select distinct on (s.id, o.lead_id, o.channel)
         o.*,
         s.id as suppression_id,
         s.evidence_event_id,
         s.reason,
         s.suppressed_at,
         s.source
    from concerned
    join suppressions s on s.id = concerned.id
    join touchline.outgoing_touches o
      on o.lead_id = concerned.lead_id
     and o.event_timestamp > s.suppressed_at
     and (s.lifted_at is null or o.event_timestamp < s.lifted_at)
     and s.channel in ('all', o.channel)
     and o.event_id is distinct from s.evidence_event_id
     -- about one address only: another one of the person's is free
     and (s.scope <> 'address' or s.contact_address is null or o.contact_address is null or o.contact_address = s.contact_address)
   order by s.id, o.lead_id, o.channel, o.event_timestamp, o.event_id
),
-- a touch that several suppressions forbade is one case
cases as (
  select distinct on (event_id)
         *
    from late
   order by event_id, suppressed_at, suppression_id
)
select t.lead_id,
       nullif(concat_ws(' ', l.first_name, l.last_name), '') as full_name,
       l.email,
       t.channel,
       c.campaign_name,
       t.event_id,
       t.event_timestamp,
       t.evidence_event_id,
       t.suppression_id,
       'suppressed: ' || coalesce(r.words, replace(t.reason, '_', ' ')) as evidence,
       t.suppressed_at as evidence_at,
       case
         when t.event_timestamp <= t.suppressed_at + interval '5 minutes' then 'the two crossed within five minutes'
       end as explanation
  from cases t
  join leads l on l.id = t.lead_id
  left join campaigns c on c.id = t.campaign_id
  left join touchline.stop_rules r using (reason)
 order by t.event_timestamp desc, t.event_id
 limit $1
