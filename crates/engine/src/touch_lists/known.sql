-- Which of these things told are here already. $1 keys
select event_key
  from linkedin_events_raw
 where event_key = any ($1)
