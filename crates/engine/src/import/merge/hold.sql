-- Companies and people a part refers to: none of them goes before its transaction ends. $1 companies, $2 leads
with held_companies as materialized (
  select id
    from companies
   where id = any ($1)
   order by id
     for key share
),
held_leads as materialized (
  select id
    from leads
   where id = any ($2)
   order by id
     for key share
)
select (select count(*) from held_companies),
       (select count(*) from held_leads)
