-- Everybody's status before, unless it was set otherwise since. $1 action, $2 status that was set, $3 now
update leads l
   set lead_status = b.status_was,
       updated_at = $3
  from touchline.bulk_leads b
 where b.action_id = $1
   and b.status_was is not null
   and l.id = b.lead_id
   and l.lead_status = $2
