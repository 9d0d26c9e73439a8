-- Views by name. $1 page (null: all)
select *
  from views
 where $1::text is null
    or page = $1
 order by page, lower(view_name), id
