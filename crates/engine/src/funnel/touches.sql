-- Touches of the days that changed, counted anew.
with days as materialized (
  select distinct campaign_id,
         changed_on,
         changed_on::timestamp at time zone (select touchline.time_zone()) as begins_at,
         (changed_on + 1)::timestamp at time zone (select touchline.time_zone()) as ends_at
    from counted_again
),
counted as (
  -- one half by the index of campaigns, the other by time: what is outside campaigns has no campaign to look up by
  select t.campaign_id, t.channel, t.sequence_step, t.stage, t.touched_on, count(*) as touches
    from days d
    join touchline.counted_touches t
      on t.campaign_id = d.campaign_id
     and t.event_timestamp >= d.begins_at
     and t.event_timestamp < d.ends_at
   group by t.campaign_id, t.channel, t.sequence_step, t.stage, t.touched_on
  union all
  select null, t.channel, t.sequence_step, t.stage, t.touched_on, count(*)
    from days d
    join touchline.counted_touches t
      on d.campaign_id is null
     and t.campaign_id is null
     and t.event_timestamp >= d.begins_at
     and t.event_timestamp < d.ends_at
   group by t.channel, t.sequence_step, t.stage, t.touched_on
),
gone as (
  delete from touchline.funnel_touches f
   using days d
   where f.campaign_id is not distinct from d.campaign_id
     and f.touched_on = d.changed_on
     and not exists (
       select from counted c
        where c.campaign_id is not distinct from f.campaign_id
          and c.touched_on = f.touched_on
          and c.channel = f.channel
          and c.sequence_step is not distinct from f.sequence_step
          and c.stage = f.stage
     )
  returning f.touched_on
)
insert into touchline.funnel_touches as f (campaign_id, channel, sequence_step, stage, touched_on, touches)
select c.campaign_id, c.channel, c.sequence_step, c.stage, c.touched_on, c.touches
  from counted c
 -- a campaign that was deleted meanwhile has no sums
 where c.campaign_id is null
    or exists (select from campaigns where campaigns.id = c.campaign_id)
    on conflict (coalesce(campaign_id, '00000000-0000-0000-0000-000000000000'), touched_on, channel, coalesce(sequence_step, -1), stage) do update
   set touches = excluded.touches
 where f.touches <> excluded.touches
