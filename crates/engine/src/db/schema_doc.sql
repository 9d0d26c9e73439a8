-- Tables and views of ours with their comments. $1: names of those in the workspace's schema, in the order of the
-- migrations; those of how we run follow by name.
select jsonb_build_object(
         'name', case when n.nspname = 'touchline' then 'touchline.' else '' end || c.relname,
         'kind', c.relkind::text,
         'how_we_run', n.nspname = 'touchline',
         'comment', coalesce(obj_description(c.oid, 'pg_class'), ''),
         'columns', (
           select coalesce(jsonb_agg(jsonb_build_array(
                    a.attname,
                    format_type(a.atttypid, a.atttypmod),
                    case when a.attnotnull or c.relkind = 'v' then '' else 'null' end,
                    coalesce(col_description(c.oid, a.attnum), '')
                  ) order by a.attnum), '[]')
             from pg_attribute a
            where a.attrelid = c.oid
              and a.attnum > 0
              and not a.attisdropped
         )
       )
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'v')
   and (n.nspname = 'touchline' or n.nspname = current_schema() and c.relname::text = any ($1))
 order by n.nspname = 'touchline', array_position($1, c.relname::text), c.relname
