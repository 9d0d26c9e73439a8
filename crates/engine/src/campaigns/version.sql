-- Which version of a campaign stands; in a transaction nobody else writes it until the end. $1 id
select xmin::text
  from campaigns
 where id = $1
   for no key update
