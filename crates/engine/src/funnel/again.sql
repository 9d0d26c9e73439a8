-- Everything has to be counted again: what there is, and what was counted that may be there no more.
insert into touchline.funnel_changes (campaign_id, changed_on, lead_id)
select distinct campaign_id, (event_timestamp at time zone (select touchline.time_zone()))::date, lead_id
  from events
union
select campaign_id, touched_on, null
  from touchline.funnel_touches
union
select null, '2000-01-01'::date, lead_id
  from touchline.reached
