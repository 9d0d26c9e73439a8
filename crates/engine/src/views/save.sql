-- Keeps an address under a name. $1 name, $2 page, $3 query, $4 by whom, $5 now
insert into views (view_name, page, query, created_by, created_at, updated_at)
values ($1, $2, $3, $4, $5, $5)
on conflict (page, view_name) do update
      set query = excluded.query,
          created_by = coalesce(views.created_by, excluded.created_by),
          updated_at = excluded.updated_at
returning *
