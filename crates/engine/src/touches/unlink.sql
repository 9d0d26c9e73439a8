-- What came from an address waits for its person again. $1 event, $2 lead, $3 kind and $4 address (null: the event names
-- none), $5 now
with freed as (
  update events e
     set lead_id = null,
         campaign_lead_id = null,
         updated_at = $5
   where e.lead_id = $2
     and (e.id = $1 or e.contact_kind = $3 and e.contact_address = $4::text)
  returning e.id
),
suppressed as (
  -- what they said holds for the address, not for the person it was taken for
  update suppressions s
     set lead_id = null,
         updated_at = $5
    from freed
   where s.evidence_event_id = freed.id
     and s.contact_address is not null
  returning s.id
)
select id
  from freed
