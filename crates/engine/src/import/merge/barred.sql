-- Which of these people must not be contacted. $1 leads
select distinct lead_id
  from lead_stops
 where kind = 'suppressed'
   and lead_id = any ($1)
