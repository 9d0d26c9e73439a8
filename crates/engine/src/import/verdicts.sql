-- Verdicts of an import with the rows they are on, in the order of the file. $1 import, $2 only this outcome (null: all),
-- $3 after this line, $4 how many, $5 only those with this note (null: all)
select r.line,
       r.outcome,
       r.reason,
       r.joins_line,
       r.notes,
       r.lead_id,
       r.company_id,
       raw.raw_data -> (r.position - 1) as item
  from touchline.import_rows r
  left join touchline.import_parts p on p.import_id = r.import_id and p.part = r.part
  left join csv_imports_raw raw on raw.id = p.csv_import_id
 where r.import_id = $1
   and ($2::text is null or r.outcome = $2)
   and r.line > $3
   and ($5::text is null or $5 = any (r.notes))
 order by r.line
 limit $4
