-- A page of receipts: red first, then the newest. $1 acknowledged ones, too, $2 lead, $3 to $5 the last row of the page
-- before (whether it was red, when it was asked for, its id), $6 how many
select *
  from touchline.stop_receipts_in_words
 where ($1::boolean or is_red)
   and ($2::uuid is null or lead_id = $2)
   and ($3::boolean is null or (is_red, asked_at, id) < ($3, $4::timestamptz, $5::uuid))
 order by is_red desc, asked_at desc, id desc
 limit $6
