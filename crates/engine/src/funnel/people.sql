-- Who reached which stage when, for people whose events changed, and the difference that makes to the sums.
with changed_people as materialized (
  select distinct lead_id
    from counted_again
   where lead_id is not null
),
first_days as materialized (
  select t.lead_id,
         t.campaign_id,
         coalesce(t.channel, 'any') as channel,
         t.stage,
         min(t.touched_on) as reached_on
    from changed_people
    join touchline.counted_touches t using (lead_id)
   -- of a person, delivered follows from the days of the others
   where t.stage <> 'delivered'
   group by t.lead_id, t.stage, grouping sets ((t.campaign_id, t.channel), (t.campaign_id), (t.channel), ())
  having grouping(t.campaign_id) = 1 or t.campaign_id is not null
),
wanted as (
  select lead_id,
         campaign_id,
         channel,
         min(reached_on) filter (where stage = 'contacted') as contacted_on,
         min(reached_on) filter (where stage = 'bounced') as bounced_on,
         min(reached_on) filter (where stage = 'opened') as opened_on,
         min(reached_on) filter (where stage = 'answered') as answered_on,
         min(reached_on) filter (where stage = 'positive') as positive_on,
         min(reached_on) filter (where stage = 'meeting') as meeting_on,
         min(reached_on) filter (where stage = 'converted') as converted_on
    from first_days
   group by lead_id, campaign_id, channel
),
before as materialized (
  select r.*
    from changed_people
    join touchline.reached r using (lead_id)
),
gone as (
  delete from touchline.reached r
   using changed_people p
   where r.lead_id = p.lead_id
     -- equality, not its likes: a set is compared with a set by their hashes, however many they were thought to be
     and not exists (
       select from wanted w
        where w.lead_id = r.lead_id
          and coalesce(w.campaign_id, '00000000-0000-0000-0000-000000000000') = coalesce(r.campaign_id, '00000000-0000-0000-0000-000000000000')
          and w.channel = r.channel
     )
  returning r.lead_id
),
kept as (
  insert into touchline.reached as r (
    lead_id, campaign_id, channel, contacted_on, bounced_on, opened_on, answered_on, positive_on, meeting_on, converted_on
  )
  select lead_id, campaign_id, channel, contacted_on, bounced_on, opened_on, answered_on, positive_on, meeting_on, converted_on
    from wanted
      on conflict (lead_id, coalesce(campaign_id, '00000000-0000-0000-0000-000000000000'), channel) do update
     set contacted_on = excluded.contacted_on,
         bounced_on = excluded.bounced_on,
         opened_on = excluded.opened_on,
         answered_on = excluded.answered_on,
         positive_on = excluded.positive_on,
         meeting_on = excluded.meeting_on,
         converted_on = excluded.converted_on
   where (r.contacted_on, r.bounced_on, r.opened_on, r.answered_on, r.positive_on, r.meeting_on, r.converted_on)
         is distinct from
         (excluded.contacted_on, excluded.bounced_on, excluded.opened_on, excluded.answered_on, excluded.positive_on, excluded.meeting_on, excluded.converted_on)
  returning r.lead_id
),
both_sides as (
  select 1 as sign, wanted.* from wanted
  union all
  select -1, before.lead_id, before.campaign_id, before.channel, before.contacted_on, before.bounced_on, before.opened_on,
         before.answered_on, before.positive_on, before.meeting_on, before.converted_on
    from before
),
difference as (
  select campaign_id,
         channel,
         stage,
         reached_on,
         sum(sign) as people
    from both_sides
   cross join lateral (
     values ('contacted', contacted_on), ('bounced', bounced_on),
            ('delivered', case when bounced_on is null then contacted_on end), ('opened', opened_on), ('answered', answered_on),
            ('positive', positive_on), ('meeting', meeting_on), ('converted', converted_on)
   ) as reached (stage, reached_on)
   where reached_on is not null
   group by campaign_id, channel, stage, reached_on
  having sum(sign) <> 0
)
insert into touchline.funnel_people as f (campaign_id, channel, stage, reached_on, people)
select campaign_id, channel, stage, reached_on, people
  from difference
    on conflict (coalesce(campaign_id, '00000000-0000-0000-0000-000000000000'), channel, stage, reached_on) do update
   set people = f.people + excluded.people
