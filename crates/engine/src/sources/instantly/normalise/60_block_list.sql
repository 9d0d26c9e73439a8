-- The workspace's block list → suppressions of its mail: an address and whoever is known by it, or everybody of a domain.
-- Only added: an entry that leaves the list lifts nothing, a person does. Locks whom it concerns, as a send does. $1 now
with told as materialized (
  select b.instantly_block_id,
         b.contact_kind,
         b.contact_address,
         coalesce(touchline.instant(b.raw_json ->> 'timestamp_created'), b.created_at) as blocked_at
    from changed c
    join instantly_block_list_raw b on b.instantly_block_id = c.record_key
   where c.raw_table = 'instantly_block_list_raw'
     and b.contact_address is not null
     and not exists (
       select from suppressions known
        where known.natural_key = 'instantly:block_list:' || b.instantly_block_id
     )
),
concerned as (
  select i.lead_id
    from told t
    join lead_identities i
      on i.identity_kind = 'email'
     and i.identity_value = t.contact_address
   where t.contact_kind = 'email'
  union
  select i.lead_id
    from told t
    join lead_identities i
      on i.identity_kind = 'email'
     and split_part(i.identity_value, '@', 2) = t.contact_address
   where t.contact_kind = 'domain'
  union
  select l.id
    from told t
    join companies c on c.company_domain = t.contact_address
    join leads l on l.company_id = c.id
   where t.contact_kind = 'domain'
),
locked as materialized (
  select l.id
    from leads l
   where l.id in (select lead_id from concerned)
   order by l.id
     for no key update
)
insert into suppressions (
  contact_kind, contact_address, channel, reason, scope, source, natural_key, suppressed_at, created_at, updated_at
)
select t.contact_kind,
       t.contact_address,
       r.suppresses,
       r.reason,
       case t.contact_kind when 'domain' then 'company' else r.scope end,
       'instantly',
       'instantly:block_list:' || t.instantly_block_id,
       t.blocked_at,
       $1,
       $1
  from told t
  join touchline.stop_rules r on r.reason = 'block_list'
 where (select count(*) from locked) >= 0
    on conflict (natural_key) do nothing
