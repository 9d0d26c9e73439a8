-- Events that waited for their person: the address is a lead's by now. $1 now
with addresses as (
  select l.email_address
    from changed
    join instantly_leads_raw l on l.instantly_lead_id = changed.record_key
   where changed.raw_table = 'instantly_leads_raw'
  union
  select e.email_address
    from changed
    join instantly_emails_raw e on e.instantly_email_id = changed.record_key
   where changed.raw_table = 'instantly_emails_raw'
),
linked as (
  update events e
     set lead_id = i.lead_id,
         updated_at = $1
    from addresses a
    join lead_identities i
      on i.identity_kind = 'email'
     and i.identity_value = a.email_address
   where e.lead_id is null
     and e.contact_address = a.email_address
  returning e.lead_id
),
touched_now as (
  insert into touched_leads (lead_id)
  select distinct lead_id
    from linked
      on conflict do nothing
)
select from linked
