-- The refused rows of an import with their original columns, in the order of the file. $1 import
select r.line,
       r.outcome,
       r.reason,
       r.notes,
       raw.raw_data -> (r.position - 1) as item
  from touchline.import_rows r
  join touchline.import_parts p on p.import_id = r.import_id and p.part = r.part
  join csv_imports_raw raw on raw.id = p.csv_import_id
 where r.import_id = $1
   and r.outcome = 'rejected'
 order by r.line
