-- Which version of an offer stands; in a transaction nobody else writes it until the end. $1 id
select xmin::text
  from offers
 where id = $1
   for no key update
