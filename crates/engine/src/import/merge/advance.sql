-- The report grows by one part, and the place to go on moves. $1 import, $2 bytes read, $3 next line, $4 part, $5 rows,
-- $6 new, $7 updated, $8 unchanged, $9 duplicate, $10 rejected, $11 repaired, $12 blank, $13 companies new,
-- $14 companies filled, $15 notes, $16 reasons, $17 whether it is the last part, $18 now
update touchline.imports
   set read_bytes = $2,
       next_line = $3,
       parts = $4,
       rows = rows + $5,
       new_rows = new_rows + $6,
       updated = updated + $7,
       unchanged = unchanged + $8,
       duplicate = duplicate + $9,
       rejected = rejected + $10,
       repaired = repaired + $11,
       blank_rows = blank_rows + $12,
       companies_new = companies_new + $13,
       companies_filled = companies_filled + $14,
       notes = (
         select coalesce(jsonb_object_agg(code, total), '{}')
           from (
             select key as code, sum(value::bigint) as total
               from (select * from jsonb_each_text(notes) union all select * from jsonb_each_text($15)) both_notes
              group by key
           ) sums
       ),
       reasons = (
         select coalesce(jsonb_object_agg(code, total), '{}')
           from (
             select key as code, sum(value::bigint) as total
               from (select * from jsonb_each_text(reasons) union all select * from jsonb_each_text($16)) both_reasons
              group by key
           ) sums
       ),
       state = case when $17 then 'completed' else state end,
       file_notes = case when $17 and rows + $5 = 0 then file_notes || '{no_data_rows}'::text[] else file_notes end,
       ended_at = case when $17 then $18 else ended_at end
 where id = $1
