-- Keeps a comparison, and the hundred before it. $1 id, $2 source, $3 now, $4 totals
with older as (
  delete from touchline.reconciliations
   where id in (
     select id
       from touchline.reconciliations
      where source = $2
      order by compared_at desc, id desc
     offset 99
   )
)
insert into touchline.reconciliations (id, source, compared_at, totals)
values ($1, $2, $3, $4::jsonb)
