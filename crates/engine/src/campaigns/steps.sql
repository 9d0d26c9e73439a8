-- Steps and variants of a campaign by its configuration at Instantly, and what the funnel counts for each step. $1 campaign
with steps as (
  select c.id as campaign_id,
         s.place::integer as sequence_step,
         s.step
    from campaigns c
    join instantly_campaign_configs_raw r using (instantly_campaign_id)
   cross join lateral jsonb_path_query(r.raw_json, 'lax $.sequences[0].steps[*]') with ordinality as s (step, place)
   where c.id = $1
)
select s.sequence_step,
       case when s.step ->> 'delay' ~ '^[0-9]{1,4}$' then (s.step ->> 'delay')::integer end as delay_days,
       v.place::integer - 1 as variant_place,
       v.variant ->> 'subject' as subject,
       v.variant ->> 'body' as body,
       coalesce(v.variant ->> 'v_disabled', 'false') = 'true' as is_off,
       coalesce(done.contacted, 0) as contacted,
       coalesce(done.answered, 0) as answered
  from steps s
  left join lateral jsonb_path_query(s.step, 'lax $.variants[*]') with ordinality as v (variant, place) on true
  left join lateral (
    select coalesce(sum(f.touches) filter (where f.stage = 'contacted'), 0)::bigint as contacted,
           coalesce(sum(f.touches) filter (where f.stage = 'answered'), 0)::bigint as answered
      from touchline.funnel_touches f
     where f.campaign_id = s.campaign_id
       and f.sequence_step = s.sequence_step
  ) done on true
 order by s.sequence_step, v.place
