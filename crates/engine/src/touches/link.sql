-- An event, and everything else that waits with its address, gets its person. $1 event, $2 lead, $3 kind and $4 address
-- (null: the event names none), $5 now
update events e
   set lead_id = $2,
       updated_at = $5
 where e.lead_id is null
   and (e.id = $1 or e.contact_kind = $3 and e.contact_address = $4::text)
