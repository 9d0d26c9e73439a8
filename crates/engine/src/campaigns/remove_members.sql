-- Takes people out of a campaign, with a verdict for each. $1 campaign, $2 ids, $3 kinds and $4 values of identities (one of
-- them for each), $5 who, $6 now
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
removed as (
  update campaign_leads m
     set removed_at = $6::timestamptz,
         removed_by = $5::uuid,
         updated_at = $6
   where m.campaign_id = $1
     and m.removed_at is null
     and m.lead_id in (select lead_id from found)
  returning m.lead_id
)
select f.lead_id,
       f.who,
       case
         when f.lead_id is null then 'unknown'
         when f.nth > 1 then 'repeated'
         when r.lead_id is not null then 'removed'
         else 'not_in'
       end as verdict,
       case when f.lead_id is null then 'nobody is known by this' end as why
  from found f
  left join removed r using (lead_id)
 order by f.place
