-- Where a stop of one person stops the whole company, everybody there is looked at again. $1 now
insert into touched_leads (lead_id)
select distinct colleague.id
  from touched_leads t
  join leads l on l.id = t.lead_id
  join leads colleague on colleague.company_id = l.company_id
 where $1::timestamptz is not null
   and (
     exists (select from touchline.settings where name = 'stop_company' and value = 'true')
     or exists (
       select from campaign_leads m
         join campaigns c on c.id = m.campaign_id
        where m.lead_id = colleague.id
          and c.stops_company
     )
   )
    on conflict do nothing
