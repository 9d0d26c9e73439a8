-- What an action came to. $1 action
update touchline.bulk_actions a
   set leads = t.leads,
       changed = t.changed
  from (
         select count(*) as leads,
                count(*) filter (where verdict in ('added', 'back_in', 'removed', 'changed')) as changed
           from touchline.bulk_leads
          where action_id = $1
       ) t
 where a.id = $1
