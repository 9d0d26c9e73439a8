-- Which version of a company stands; in a transaction nobody else writes it until the end. $1 id
select xmin::text
  from companies
 where id = $1
   for no key update
