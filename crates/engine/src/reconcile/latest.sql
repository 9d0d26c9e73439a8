-- The last comparison.
select id,
       source,
       compared_at,
       totals
  from touchline.reconciliations
 order by compared_at desc, id desc
 limit 1
