-- Leads without a profile get the link of the one by which a tool knows them, public names first. $1 now
with profiles as (
  select distinct on (i.lead_id)
         i.lead_id,
         'https://www.linkedin.com/' || r.linkedin_profile as linkedin_url
    from changed
    join linkedin_events_raw r on r.event_key = changed.record_key
    join lead_identities i
      on i.identity_kind = 'linkedin'
     and i.identity_value = r.linkedin_profile
   where changed.raw_table = 'linkedin_events_raw'
   order by i.lead_id, r.linkedin_profile ~ '^in/A[A-Z][A-Za-z]AA', i.created_at, r.linkedin_profile
)
update leads l
   set linkedin_url = p.linkedin_url,
       derived = l.derived || jsonb_build_object('linkedin_url', p.linkedin_url),
       updated_at = $1
  from profiles p
 where l.id = p.lead_id
   -- filled once; what stands there stays
   and touchline.filled(l.linkedin_url) is null
   and not l.derived ? 'linkedin_url'
