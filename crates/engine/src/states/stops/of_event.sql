-- What was told where because of an event. $1 event
select *
  from touchline.stop_receipts_in_words
 where event_id = $1
   and ended_at is null
 order by target_kind = 'touchline' desc, target_kind, campaign_name, id
