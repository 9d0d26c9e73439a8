-- People that an import brought or met, each once, in the order of the file. $1 import
select lead_id::text
  from touchline.import_rows
 where import_id = $1
   and lead_id is not null
 group by lead_id
 order by min(line)
