-- Leads that were chosen one by one; those that are gone are left out. $1 action, $2 leads
insert into touchline.bulk_leads (action_id, lead_id)
select $1,
       l.id
  from leads l
 where l.id = any ($2::uuid[])
