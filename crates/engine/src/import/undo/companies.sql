-- Companies the import made: they go, unless somebody edited them, people work there, or another list names them.
-- $1 import
with made as materialized (
  select c.id,
         r.company_written = touchline.written(c.company_name, c.company_domain, c.industry, c.company_size)
         and c.derived = '{}'
         and not exists (select from leads l where l.company_id = c.id)
         and not exists (
           select from touchline.import_rows o
             join touchline.imports i on i.id = o.import_id
            where o.company_id = c.id
              and o.lead_id is null
              and o.import_id <> $1
              and i.state in ('reading', 'completed')
         ) as is_untouched
    from touchline.import_rows r
    join companies c on c.id = r.company_id
   where r.import_id = $1
     and r.company_written is not null
),
removed as (
  delete from companies
   using made
   where companies.id = made.id
     and made.is_untouched
  returning companies.id
)
select (select count(*) from removed),
       (select count(*) from made where not is_untouched)
