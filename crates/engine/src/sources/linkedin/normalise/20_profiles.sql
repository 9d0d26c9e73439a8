-- A touch that names a profile and an address joins them: the profile becomes an identity of the address's lead, unless
-- it is somebody's already. Touches that wait for their person are looked at again, since the address may be known by
-- now. $1 now
with candidates as (
  select r.linkedin_profile,
         r.email_address,
         r.event_date,
         r.event_key
    from changed
    join linkedin_events_raw r on r.event_key = changed.record_key
   where changed.raw_table = 'linkedin_events_raw'
  union
  select r.linkedin_profile,
         r.email_address,
         r.event_date,
         r.event_key
    from events e
    join linkedin_events_raw r on r.natural_key = e.natural_key
   where e.lead_id is null
     and e.event_source = 'linkedin'
)
insert into lead_identities (identity_kind, identity_value, lead_id, created_at)
select distinct on (c.linkedin_profile)
       'linkedin',
       c.linkedin_profile,
       i.lead_id,
       $1
  from candidates c
  join lead_identities i
    on i.identity_kind = 'email'
   and i.identity_value = c.email_address
 where c.linkedin_profile is not null
 order by c.linkedin_profile, c.event_date, c.event_key
    on conflict do nothing
