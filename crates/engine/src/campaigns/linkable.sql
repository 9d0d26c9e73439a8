-- What of the vendors a campaign may be linked to, by name: a campaign of Instantly that none of ours is yet, campaigns and
-- assistants of Vapi. $1 our campaign, whose own link is offered too (null: a new one)
select 'instantly' as kind,
       g.instantly_campaign_id as id,
       coalesce(g.campaign_name, g.instantly_campaign_id) as name
  from instantly_campaign_configs_raw g
 where g.gone_at is null
   and not exists (
     select from campaigns c
      where c.instantly_campaign_id = g.instantly_campaign_id
        and c.id is distinct from $1::uuid
   )
union all
select 'vapi_campaign',
       v.vapi_campaign_id,
       coalesce(v.campaign_name, v.vapi_campaign_id)
  from vapi_campaigns_raw v
 where v.gone_at is null
union all
select 'vapi_assistant',
       a.vapi_assistant_id,
       coalesce(a.assistant_name, a.vapi_assistant_id)
  from vapi_assistants_raw a
 where a.gone_at is null
 order by 1, 3, 2
 limit 2000
