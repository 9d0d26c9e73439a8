-- Campaigns started inside Vapi → campaigns. One of ours for each of theirs; a campaign that a person made and linked is
-- used instead of a new one, and keeps what the person wrote. $1 now
with touched as (
  select record_key as vapi_campaign_id
    from changed
   where raw_table = 'vapi_campaigns_raw'
),
vendor as (
  select r.vapi_campaign_id,
         coalesce(touchline.filled(r.campaign_name), 'Calls ' || left(r.vapi_campaign_id, 8)) as campaign_name,
         case
           when r.gone_at is not null then 'archived'
           else case r.campaign_status
                  when 'scheduled' then 'active'
                  when 'in-progress' then 'active'
                  when 'ended' then 'completed'
                  when 'cancelled' then 'completed'
                  when 'archived' then 'archived'
                  else 'paused'
                end
         end as campaign_status
    from touched
    join vapi_campaigns_raw r using (vapi_campaign_id)
),
ours as (
  select distinct on (c.vapi_campaign_id) c.*
    from campaigns c
    join touched using (vapi_campaign_id)
   order by c.vapi_campaign_id, c.created_at, c.id
),
added as (
  insert into campaigns (campaign_name, uses_calls, vapi_campaign_id, campaign_status, derived, created_at, updated_at)
  select v.campaign_name,
         true,
         v.vapi_campaign_id,
         v.campaign_status,
         jsonb_build_object('campaign_name', v.campaign_name, 'campaign_status', v.campaign_status, 'uses_calls', 'true'),
         $1,
         $1
    from vendor v
   where not exists (select from ours where ours.vapi_campaign_id = v.vapi_campaign_id)
  returning id
),
merged as (
  select ours.id,
         case when f.name then v.campaign_name else ours.campaign_name end as campaign_name,
         case when f.status then v.campaign_status else ours.campaign_status end as campaign_status,
         ours.uses_calls or f.uses_calls as uses_calls,
         -- a campaign that mails, too, follows the vendor of its mail
         case
           when ours.instantly_campaign_id is not null then ours.derived || jsonb_build_object('uses_calls', 'true')
           else ours.derived || jsonb_build_object(
             'campaign_name', case when f.name then v.campaign_name else ours.derived ->> 'campaign_name' end,
             'campaign_status', case when f.status then v.campaign_status else ours.derived ->> 'campaign_status' end,
             'uses_calls', 'true'
           )
         end as derived
    from ours
    join vendor v using (vapi_campaign_id)
   cross join lateral (
      select ours.instantly_campaign_id is null and touchline.follows(ours.derived, 'campaign_name', ours.campaign_name, null) as name,
             ours.instantly_campaign_id is null and touchline.follows(ours.derived, 'campaign_status', ours.campaign_status, 'draft') as status,
             -- set once; a person may switch it off
             not ours.derived ? 'uses_calls' as uses_calls
    ) f
),
written as (
  update campaigns c
     set campaign_name = m.campaign_name,
         campaign_status = m.campaign_status,
         uses_calls = m.uses_calls,
         derived = m.derived,
         updated_at = $1
    from merged m
   where c.id = m.id
     and (c.campaign_name, c.campaign_status, c.uses_calls, c.derived)
         is distinct from (m.campaign_name, m.campaign_status, m.uses_calls, m.derived)
  returning c.id
)
select id from added
union all
select id from written
