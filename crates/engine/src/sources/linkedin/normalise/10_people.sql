-- Leads that came by another road and whose address a tool names get the identity of their address, as step 30 of
-- Instantly does. The oldest lead of an address keeps it. $1 now
insert into lead_identities (identity_kind, identity_value, lead_id, created_at)
select distinct on (r.email_address)
       'email',
       r.email_address,
       l.id,
       $1
  from changed
  join linkedin_events_raw r on r.event_key = changed.record_key
  join leads l on lower(l.email) = r.email_address
 where changed.raw_table = 'linkedin_events_raw'
 order by r.email_address, l.created_at, l.id
    on conflict do nothing
