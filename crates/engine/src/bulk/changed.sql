-- With whom something was done. $1 action
select lead_id
  from touchline.bulk_leads
 where action_id = $1
   and verdict in ('added', 'back_in', 'removed', 'changed')
 order by lead_id
