-- The views of a page, by name. $1 page
select id,
       view_name,
       page,
       query,
       created_at
  from views
 where page = $1
 order by lower(view_name), id
