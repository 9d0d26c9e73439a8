-- Closes a set-up link that is open. $1 link, $2 now.
update touchline.setup_links
   set closed_at = $2
 where id = $1
   and closed_at is null
