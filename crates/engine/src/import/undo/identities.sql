-- Addresses and profiles the import learned of people who were there before. $1 import
delete from lead_identities i
 using touchline.import_changes c
 cross join jsonb_array_elements(c.after -> 'identities') as a (pair)
 where c.import_id = $1
   and c.entity = 'lead'
   and i.identity_kind = a.pair ->> 0
   and i.identity_value = a.pair ->> 1
   and i.lead_id = c.record_id
