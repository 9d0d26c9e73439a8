-- One receipt. $1 id
select *
  from touchline.stop_receipts_in_words
 where id = $1
