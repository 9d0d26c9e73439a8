-- The ledger of stops: one row a person and reason, by the earliest that says so. Whoever is stopped, or goes on, is
-- locked until this commits, with the lock that a send takes (touchline.claim). $1 now
with in_force as materialized (
  select distinct on (s.lead_id, s.reason)
         s.lead_id,
         s.reason,
         r.stops as channel,
         s.event_id,
         s.happened_at as since
    from signals s
    join touchline.stop_rules r using (reason)
   where r.stops <> 'nothing'
     -- one that a person overruled in every campaign, or that is older than every enrollment, holds nobody up
     and (
       r.suppresses is not null
       or not exists (select from campaign_leads m where m.lead_id = s.lead_id)
       or exists (
         select from campaign_leads m
           join campaigns c on c.id = m.campaign_id
          where m.lead_id = s.lead_id
            and (m.resumed_at is null or s.observed_at > m.resumed_at)
            and (m.enrolled_at is null or s.happened_at >= m.enrolled_at or s.campaign_id = m.campaign_id)
       )
     )
     and (
       s.own
       or exists (select from touchline.settings where name = 'stop_company' and value = 'true')
       or exists (
         select from campaign_leads m
           join campaigns c on c.id = m.campaign_id
          where m.lead_id = s.lead_id
            and c.stops_company
       )
     )
   order by s.lead_id, s.reason, s.happened_at, s.signal_key
),
news as materialized (
  select f.*
    from in_force f
    left join touchline.stops s using (lead_id, reason)
   where s.id is null
      or s.ended_at is not null
      or (s.channel, s.event_id, s.since) is distinct from (f.channel, f.event_id, f.since)
),
over as materialized (
  select s.id,
         s.lead_id
    from touched_leads t
    join touchline.stops s using (lead_id)
   where s.ended_at is null
     and not exists (
       select from in_force f
        where f.lead_id = s.lead_id
          and f.reason = s.reason
     )
),
locked as materialized (
  select l.id
    from leads l
   where l.id in (select lead_id from news union select lead_id from over)
   order by l.id
     for no key update
),
ended as (
  update touchline.stops s
     set ended_at = $1
    from over
    join locked on locked.id = over.lead_id
   where s.id = over.id
  returning s.id
),
called_off as (
  update touchline.stop_receipts r
     set state = 'called_off',
         answered_at = $1
    from ended
   where r.stop_id = ended.id
     and r.state in ('waiting', 'failed', 'unknown')
  returning r.id
),
noted as (
  insert into touchline.stops as s (lead_id, reason, channel, event_id, since, noted_at)
  select n.lead_id,
         n.reason,
         n.channel,
         n.event_id,
         n.since,
         $1
    from news n
    join locked on locked.id = n.lead_id
      on conflict (lead_id, reason) do update
     set channel = excluded.channel,
         event_id = excluded.event_id,
         since = excluded.since,
         noted_at = case when s.ended_at is null then s.noted_at else excluded.noted_at end,
         ended_at = null
  returning s.id
)
select id from ended
union all
select id from noted
