-- The last comparison with a source. $1 source
select id,
       source,
       compared_at,
       totals
  from touchline.reconciliations
 where source = $1
 order by compared_at desc, id desc
 limit 1
