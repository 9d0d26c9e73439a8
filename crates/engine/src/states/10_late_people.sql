-- Events that waited for their person: the address is a lead's by now, by whatever road and on whatever channel. $1 now
with linked as (
  update events e
     set lead_id = i.lead_id,
         updated_at = $1
    from lead_identities i
   where e.lead_id is null
     and i.identity_kind = e.contact_kind
     and i.identity_value = e.contact_address
  returning e.lead_id
),
touched_now as (
  insert into touched_leads (lead_id)
  select distinct lead_id
    from linked
      on conflict do nothing
)
select from linked
