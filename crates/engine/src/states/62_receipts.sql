-- What has to be told where, so that an enrollment that has stopped here stops there: one receipt a target. Our own
-- gate needs no telling and acknowledges at once; a vendor that told us of it, or stops itself, too. $1 now
with stopped as (
  select s.id as stop_id,
         s.lead_id,
         s.reason,
         s.channel,
         s.noted_at,
         e.observed_at,
         e.event_source,
         e.campaign_id as event_campaign_id
    from touched_leads t
    join touchline.stops s using (lead_id)
    left join events e on e.id = s.event_id
   where s.ended_at is null
),
targets as (
  select s.stop_id,
         s.lead_id,
         'touchline' as target_kind,
         'gate' as target_id,
         null::uuid as campaign_id,
         null::text as contact_address,
         'no send passes from now on' as answer,
         greatest(0, extract(epoch from s.noted_at - coalesce(s.observed_at, s.noted_at)) * 1000)::bigint as milliseconds
    from stopped s
  union all
  select s.stop_id,
         s.lead_id,
         place.kind,
         place.id,
         c.id,
         place.address,
         case
           when place.kind = 'instantly' and s.event_source = 'instantly' and s.event_campaign_id = c.id and s.reason in ('opt_out', 'hard_bounce')
             then 'it told us'
           when place.kind = 'instantly' and v.unsubscribed
             then 'it holds the person as unsubscribed'
           when place.kind = 'instantly' and v.bounced
             then 'it holds the address as bounced'
           when place.kind = 'instantly' and s.event_source = 'instantly' and s.event_campaign_id = c.id and s.reason = 'reply' and v.stops_itself
             then 'it stops by itself on a reply'
         end,
         null
    from stopped s
    join campaign_leads m
      on m.lead_id = s.lead_id
     and m.stop_reason = s.reason
    join campaigns c on c.id = m.campaign_id
    left join vendor_standings v
      on v.lead_id = m.lead_id
     and v.campaign_id = m.campaign_id
    join leads l on l.id = m.lead_id
   cross join lateral (
     values
       ('instantly', c.instantly_campaign_id, coalesce(v.contact_address, lower(l.email)), s.channel in ('all', 'email') and c.uses_email),
       ('vapi', coalesce(c.vapi_campaign_id, c.id::text), l.phone, s.channel in ('all', 'call') and c.uses_calls),
       ('linkedin', c.id::text, l.linkedin_url, s.channel in ('all', 'linkedin') and c.uses_linkedin and m.linkedin_status <> 'not_started')
   ) as place (kind, id, address, concerned)
   where place.concerned
     and place.id is not null
     -- where nothing runs there is nothing to stop
     and c.campaign_status in ('active', 'paused')
),
-- several of our campaigns may link to one of a vendor's: it is told once, and one answer settles it
told_once as (
  select distinct on (stop_id, target_kind, target_id)
         *
    from targets
   order by stop_id, target_kind, target_id, answer is null, contact_address is null, campaign_id
)
insert into touchline.stop_receipts as r (
  stop_id, target_kind, target_id, campaign_id, contact_address, state, asked_at, answered_at, milliseconds, answer
)
select t.stop_id,
       t.target_kind,
       t.target_id,
       t.campaign_id,
       t.contact_address,
       case when t.answer is null then 'waiting' else 'acknowledged' end,
       $1::timestamptz,
       case when t.answer is not null then $1::timestamptz end,
       case when t.answer is not null then least(coalesce(t.milliseconds, 0), 2147483647)::integer end,
       t.answer
  from told_once t
 where not exists (
         select from touchline.stop_receipts known
           join touchline.stops s on s.id = known.stop_id
          where s.lead_id = t.lead_id
            and s.ended_at is null
            and (t.target_kind <> 'touchline' or s.id = t.stop_id)
            and known.target_kind = t.target_kind
            and known.target_id = t.target_id
            and known.state <> 'called_off'
       )
    on conflict (stop_id, target_kind, target_id) do update
   set state = excluded.state,
       asked_at = excluded.asked_at,
       told_at = null,
       answered_at = excluded.answered_at,
       milliseconds = excluded.milliseconds,
       answer = excluded.answer
 where r.state = 'called_off'
