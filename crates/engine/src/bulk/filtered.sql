-- Leads of a filter, as they are now. $1 action, $2 how many at most. Filters are put in from closed sets.
insert into touchline.bulk_leads (action_id, lead_id)
select $1,
       l.id
  from leads l
  left join touchline.lead_activity a on a.lead_id = l.id
 where true
/* filters */
 limit $2
