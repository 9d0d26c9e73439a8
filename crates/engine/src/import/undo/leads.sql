-- Leads the import made: they go, unless somebody edited or contacted them, a vendor knows them, or another import
-- names them. $1 import
with made as materialized (
  select l.id,
         r.lead_written = touchline.written(
           l.first_name, l.last_name, l.email, l.job_title, l.seniority, l.phone, l.linkedin_url, l.company_id::text
         )
         and l.lead_status = 'new'
         and l.derived = '{}'
         and not exists (select from events e where e.lead_id = l.id)
         and not exists (select from campaign_leads c where c.lead_id = l.id)
         and not exists (
           select from touchline.import_rows o
             join touchline.imports i on i.id = o.import_id
            where o.lead_id = l.id
              and o.import_id <> $1
              and i.state in ('reading', 'completed')
         ) as is_untouched
    from touchline.import_rows r
    join leads l on l.id = r.lead_id
   where r.import_id = $1
     and r.lead_written is not null
),
removed as (
  delete from leads
   using made
   where leads.id = made.id
     and made.is_untouched
  returning leads.id
)
select (select count(*) from removed),
       (select count(*) from made where not is_untouched)
