-- In which zone members of running campaigns live: by what somebody said, by state, by phone, by country. $1 these leads; null:
-- those of whom it was never worked out
with wanted as (
  select distinct m.lead_id
    from campaign_leads m
    join campaigns c on c.id = m.campaign_id
    left join touchline.lead_zones z on z.lead_id = m.lead_id
   where $1::uuid[] is null
     and z.lead_id is null
     and m.stopped_at is null
     and c.campaign_status = 'active'
     and (c.uses_calls or c.uses_linkedin)
   union
  select unnest($1)
),
members as (
  select l.id,
         l.updated_at,
         l.time_zone,
         l.apollo_data,
         coalesce(
           (select i.identity_value from lead_identities i where i.lead_id = l.id and i.identity_kind = 'phone' order by i.created_at, i.identity_value limit 1),
           l.phone
         ) as phone
    from wanted w
    join leads l on l.id = w.lead_id
),
said as (
  select m.*,
         case
           when m.phone like '+%' or m.phone like '00%' then ltrim(regexp_replace(m.phone, '[^0-9]', '', 'g'), '0')
         end as digits,
         lower(btrim(coalesce(
           m.apollo_data ->> 'State', m.apollo_data ->> 'state', m.apollo_data ->> 'Person State', m.apollo_data ->> 'Contact State',
           m.apollo_data ->> 'State/Region', m.apollo_data ->> 'Region', m.apollo_data ->> 'Company State'
         ))) as region,
         lower(btrim(coalesce(
           m.apollo_data ->> 'Country', m.apollo_data ->> 'country', m.apollo_data ->> 'Person Country', m.apollo_data ->> 'Contact Country',
           m.apollo_data ->> 'Country/Region', m.apollo_data ->> 'Company Country'
         ))) as country
    from members m
),
known as (
  select s.*,
         home.time_zone as country_zone,
         state.time_zone as state_zone,
         dialled.time_zone as phone_zone
    from said s
    left join lateral (
      select z.time_zone, z.country_code
        from touchline.zones z
       where z.place_kind = 'country'
         and z.place = s.country
       order by z.country_code
       limit 1
    ) home on true
    left join lateral (
      select z.time_zone
        from touchline.zones z
       where z.place_kind = 'region'
         and z.place = s.region
         and z.country_code = coalesce(home.country_code, z.country_code)
       order by z.country_code = 'US' desc, z.country_code
       limit 1
    ) state on true
    left join lateral (
      select z.time_zone
        from touchline.zones z
       where z.place_kind = 'phone'
         and z.place in (left(s.digits, 1), left(s.digits, 2), left(s.digits, 3), left(s.digits, 4))
       order by length(z.place) desc
       limit 1
    ) dialled on true
)
insert into touchline.lead_zones as t (lead_id, time_zone, told_by, worked_out_at)
select id,
       case
         when time_zone in (select name from pg_timezone_names) then time_zone
         else coalesce(state_zone, phone_zone, country_zone)
       end,
       case
         when time_zone in (select name from pg_timezone_names) then 'person'
         when state_zone is not null then 'state'
         when phone_zone is not null then 'phone'
         when country_zone is not null then 'country'
         else 'workspace'
       end,
       updated_at
  from known
    on conflict (lead_id) do update
   set time_zone = excluded.time_zone,
       told_by = excluded.told_by,
       worked_out_at = excluded.worked_out_at
