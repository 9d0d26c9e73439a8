-- People → leads: one for each address, over all campaigns. Also those whom a campaign has written to although the
-- vendor no longer holds them as a lead (purged to save seats); a mere sender of mail does not become one. Vendor
-- leads without a usable address are known by the vendor's id. $1 now
with people as (
  select case when l.email_address is null then 'instantly_lead' else 'email' end as identity_kind,
         coalesce(l.email_address, l.instantly_lead_id) as identity_value,
         l.email_address
    from changed
    join instantly_leads_raw l on l.instantly_lead_id = changed.record_key
   where changed.raw_table = 'instantly_leads_raw'
  union
  select 'email',
         e.email_address,
         e.email_address
    from changed
    join instantly_emails_raw e on e.instantly_email_id = changed.record_key
   where changed.raw_table = 'instantly_emails_raw'
     and e.raw_json ->> 'ue_type' = '1'
     and e.raw_json ->> 'lead' is not null
     and e.instantly_campaign_id is not null
     and e.email_address is not null
),
strangers as materialized (
  select gen_random_uuid() as lead_id,
         people.*
    from people
   where not exists (
     select from lead_identities i
      where i.identity_kind = people.identity_kind
        and i.identity_value = people.identity_value
   )
),
added as (
  insert into leads (id, email, derived, created_at, updated_at)
  select lead_id,
         email_address,
         '{}',
         $1,
         $1
    from strangers
)
insert into lead_identities (identity_kind, identity_value, lead_id, created_at)
select identity_kind,
       identity_value,
       lead_id,
       $1
  from strangers
