-- Instantly campaigns → campaigns. One of ours for each of theirs; a campaign that a person made and linked is used
-- instead of a new one, and keeps what the person wrote. $1 now
with touched as (
  select distinct record_key as instantly_campaign_id
    from changed
   where raw_table in ('instantly_campaign_configs_raw', 'instantly_campaigns_raw')
),
vendor as (
  select touched.instantly_campaign_id,
         coalesce(
           touchline.filled(config.raw_json ->> 'name'),
           touchline.filled(counters.raw_json ->> 'campaign_name'),
           'Campaign ' || left(touched.instantly_campaign_id, 8)
         ) as campaign_name,
         case
           -- deleted at the vendor
           when config.gone_at is not null then 'archived'
           when config.instantly_campaign_id is null and counters.gone_at is not null then 'archived'
           else case coalesce(config.campaign_status, counters.campaign_status)
                  when 0 then 'draft'
                  when 3 then 'completed'
                  when 1 then 'active'
                  -- running subsequences
                  when 4 then 'active'
                  -- paused, accounts unhealthy, bounce protect, account suspended, and codes nobody has explained
                  else 'paused'
                end
         end as campaign_status,
         template.body as email_body_template
    from touched
    left join instantly_campaign_configs_raw config using (instantly_campaign_id)
    left join instantly_campaigns_raw counters using (instantly_campaign_id)
    left join lateral (
      -- the first variant of the first step that is not switched off
      select variant ->> 'body' as body
        from jsonb_path_query(config.raw_json, 'lax $.sequences[0].steps[0].variants[*]') with ordinality as v(variant, place)
       where coalesce(variant ->> 'v_disabled', 'false') <> 'true'
       order by place
       limit 1
    ) template on true
),
ours as (
  select distinct on (c.instantly_campaign_id) c.*
    from campaigns c
    join touched using (instantly_campaign_id)
   order by c.instantly_campaign_id, c.created_at, c.id
),
added as (
  insert into campaigns (
    campaign_name, uses_email, instantly_campaign_id, campaign_status, email_body_template, derived, created_at, updated_at
  )
  select v.campaign_name,
         true,
         v.instantly_campaign_id,
         v.campaign_status,
         v.email_body_template,
         jsonb_build_object(
           'campaign_name', v.campaign_name,
           'campaign_status', v.campaign_status,
           'email_body_template', v.email_body_template,
           'uses_email', 'true'
         ),
         $1,
         $1
    from vendor v
   where not exists (select from ours where ours.instantly_campaign_id = v.instantly_campaign_id)
  returning id
),
merged as (
  select ours.id,
         case when f.name then v.campaign_name else ours.campaign_name end as campaign_name,
         case when f.status then v.campaign_status else ours.campaign_status end as campaign_status,
         case when f.template then v.email_body_template else ours.email_body_template end as email_body_template,
         ours.uses_email or f.uses_email as uses_email,
         ours.derived || jsonb_build_object(
           'campaign_name', case when f.name then v.campaign_name else ours.derived ->> 'campaign_name' end,
           'campaign_status', case when f.status then v.campaign_status else ours.derived ->> 'campaign_status' end,
           'email_body_template', case when f.template then v.email_body_template else ours.derived ->> 'email_body_template' end,
           'uses_email', 'true'
         ) as derived
    from ours
    join vendor v using (instantly_campaign_id)
   cross join lateral (
      select touchline.follows(ours.derived, 'campaign_name', ours.campaign_name, null) as name,
             touchline.follows(ours.derived, 'campaign_status', ours.campaign_status, 'draft') as status,
             touchline.follows(ours.derived, 'email_body_template', ours.email_body_template, null) as template,
             -- set once; a person may switch it off
             not ours.derived ? 'uses_email' as uses_email
    ) f
),
written as (
  update campaigns c
     set campaign_name = m.campaign_name,
         campaign_status = m.campaign_status,
         email_body_template = m.email_body_template,
         uses_email = m.uses_email,
         derived = m.derived,
         updated_at = $1
    from merged m
   where c.id = m.id
     and (c.campaign_name, c.campaign_status, c.email_body_template, c.uses_email, c.derived)
         is distinct from (m.campaign_name, m.campaign_status, m.email_body_template, m.uses_email, m.derived)
  returning c.id
)
select id from added
union all
select id from written
