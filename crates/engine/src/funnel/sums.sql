-- The sums of people as they follow from who reached what; only what differs is written.
with wanted as materialized (
  select campaign_id,
         channel,
         stage,
         reached_on,
         count(*) as people
    from touchline.reached
   cross join lateral (
     values ('contacted', contacted_on), ('bounced', bounced_on),
            ('delivered', case when bounced_on is null then contacted_on end), ('opened', opened_on), ('answered', answered_on),
            ('positive', positive_on), ('meeting', meeting_on), ('converted', converted_on)
   ) as days (stage, reached_on)
   where reached_on is not null
   group by campaign_id, channel, stage, reached_on
),
gone as (
  delete from touchline.funnel_people f
   where not exists (
     select from wanted w
      where w.campaign_id is not distinct from f.campaign_id
        and w.channel = f.channel
        and w.stage = f.stage
        and w.reached_on = f.reached_on
   )
     and f.people <> 0
  returning f.people
),
written as (
  insert into touchline.funnel_people as f (campaign_id, channel, stage, reached_on, people)
  select campaign_id, channel, stage, reached_on, people
    from wanted
      on conflict (coalesce(campaign_id, '00000000-0000-0000-0000-000000000000'), channel, stage, reached_on) do update
     set people = excluded.people
   where f.people <> excluded.people
  returning f.people
)
select (select count(*) from gone) + (select count(*) from written)
