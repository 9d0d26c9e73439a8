-- Parts that were kept and never merged. Nothing refers to them. $1 import, $2 parts merged
delete from csv_imports_raw
 where id in (
   select csv_import_id
     from touchline.import_parts
    where import_id = $1
      and part > $2
 )
