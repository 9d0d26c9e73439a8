-- Reasons after which a person or an address must not be contacted → suppressions, also of addresses that nobody is
-- known by. Only added, never lifted: a person lifts. $1 now
with reasons as (
  select s.event_id,
         s.lead_id,
         s.reason,
         s.event_source as source,
         s.performed_by,
         s.event_timestamp as suppressed_at,
         'event:' || s.natural_key || ':' || s.reason as natural_key,
         case when s.contact_kind in ('email', 'phone', 'linkedin') and s.contact_address is not null then s.contact_kind end as contact_kind,
         case when s.contact_kind in ('email', 'phone', 'linkedin') then s.contact_address end as contact_address
    from touched_leads t
    join touchline.stop_signals s using (lead_id)
  union all
  select s.event_id,
         null,
         s.reason,
         s.event_source,
         s.performed_by,
         s.event_timestamp,
         'event:' || s.natural_key || ':' || s.reason,
         s.contact_kind,
         s.contact_address
    from touchline.stop_signals s
   where s.lead_id is null
     and s.contact_kind in ('email', 'phone', 'linkedin')
     and s.contact_address is not null
  union all
  select distinct on (v.source, coalesce(v.contact_address, v.lead_id::text), reason.word)
         null::uuid,
         v.lead_id,
         reason.word,
         v.source,
         null::uuid,
         v.told_at,
         v.source || ':record:' || coalesce(v.contact_address, v.lead_id::text) || ':' || reason.word,
         case when v.contact_address is not null then 'email' end,
         v.contact_address
    from vendor_standings v
   cross join lateral (
     values (case when v.unsubscribed then 'opt_out' end), (case when v.bounced then 'hard_bounce' end)
   ) as reason (word)
   where reason.word is not null
),
told as (
  select r.*,
         rule.suppresses as channel,
         rule.scope
    from reasons r
    join touchline.stop_rules rule using (reason)
   where rule.suppresses is not null
     and not exists (
       select from suppressions known
        where known.natural_key = r.natural_key
          and (known.lead_id is not null or r.lead_id is null)
     )
),
locked as materialized (
  select l.id
    from leads l
   where l.id in (select lead_id from told)
   order by l.id
     for no key update
)
insert into suppressions as s (
  lead_id, contact_kind, contact_address, channel, reason, scope, evidence_event_id, source, performed_by, natural_key, suppressed_at,
  created_at, updated_at
)
select t.lead_id,
       t.contact_kind,
       t.contact_address,
       t.channel,
       t.reason,
       t.scope,
       t.event_id,
       t.source,
       t.performed_by,
       t.natural_key,
       t.suppressed_at,
       $1,
       $1
  from told t
  left join locked on locked.id = t.lead_id
    on conflict (natural_key) do update
   -- the person behind an address became known
   set lead_id = excluded.lead_id,
       updated_at = $1
 where s.lead_id is null
   and excluded.lead_id is not null
