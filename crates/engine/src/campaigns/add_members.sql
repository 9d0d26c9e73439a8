-- Adds people to a campaign, with a verdict for each. $1 campaign, $2 ids, $3 kinds and $4 values of identities (one of them
-- for each), $5 who, $6 now
with given as (
  select g.place,
         g.id,
         g.kind,
         g.value
    from unnest($2::uuid[], $3::text[], $4::text[]) with ordinality as g (id, kind, value, place)
),
found as (
  select g.place,
         l.id as lead_id,
         coalesce(nullif(concat_ws(' ', l.first_name, l.last_name), ''), l.email, l.phone) as who,
         row_number() over (partition by l.id order by g.place) as nth
    from given g
    left join lead_identities i
      on i.identity_kind = g.kind
     and i.identity_value = g.value
    left join lateral (
      select o.id
        from leads o
       where g.kind = 'email'
         and lower(o.email) = g.value
         and i.lead_id is null
       order by o.created_at, o.id
       limit 1
    ) typed on true
    left join leads l on l.id = coalesce(g.id, i.lead_id, typed.id)
),
campaign as (
  select array_remove(array[case when uses_email then 'email' end, case when uses_calls then 'call' end, case when uses_linkedin then 'linkedin' end], null) as channels
    from campaigns
   where id = $1
),
against as (
  select s.lead_id,
         array_agg(distinct c.channel) as channels,
         string_agg(distinct c.channel || ': ' || coalesce(w.words, s.reason), '; ') as why
    from lead_stops s
   cross join campaign
   cross join lateral unnest(case s.channel when 'all' then case when cardinality(campaign.channels) > 0 then campaign.channels else array['email'] end else array[s.channel] end) as c (channel)
    left join touchline.stop_rules w using (reason)
   where s.kind = 'suppressed'
     and s.lead_id in (select lead_id from found)
     and (cardinality(campaign.channels) = 0 or c.channel = any (campaign.channels))
   group by s.lead_id
),
held as (
  select m.lead_id,
         m.removed_at
    from campaign_leads m
   where m.campaign_id = $1
     and m.lead_id in (select lead_id from found)
),
judged as (
  select f.*,
         case
           when f.lead_id is null then 'unknown'
           when f.nth > 1 then 'repeated'
           when h.lead_id is not null and h.removed_at is null then 'already_in'
           when a.channels @> campaign.channels then 'suppressed'
           when h.lead_id is not null then 'back_in'
           else 'added'
         end as verdict,
         a.why
    from found f
   cross join campaign
    left join held h using (lead_id)
    left join against a using (lead_id)
),
written as (
  insert into campaign_leads as m (campaign_id, lead_id, enrolled_at, added_by, created_at, updated_at)
  select $1,
         lead_id,
         $6::timestamptz,
         $5::uuid,
         $6,
         $6
    from judged
   where verdict in ('added', 'back_in')
      on conflict (campaign_id, lead_id) do update
     set removed_at = null,
         removed_by = null,
         enrolled_at = excluded.enrolled_at,
         added_by = excluded.added_by,
         updated_at = excluded.updated_at
)
select lead_id,
       who,
       verdict,
       case verdict
         when 'unknown' then 'nobody is known by this; import them first'
         when 'repeated' then 'given before in the same list'
         else why
       end as why
  from judged
 order by place
