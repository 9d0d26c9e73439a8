-- One row a table of schema $1 among the names $2: what adoption compares, as one JSON document.
-- Names come quoted where SQL needs it. Expressions are read through pg_get_expr and friends, so both sides are PostgreSQL's own spelling.
select jsonb_build_object(
         'name', quote_ident(c.relname),
         'kind', c.relkind::text,
         'kind_in_words', case c.relkind when 'p' then 'a partitioned table' when 'v' then 'a view' when 'm' then 'a materialized view' when 'f' then 'a foreign table' else 'a table' end,
         'owner', quote_ident(pg_get_userbyid(c.relowner)),
         'role', quote_ident(current_user),
         'ours_to_change', pg_has_role(c.relowner, 'usage'),
         'columns', (
           select coalesce(jsonb_agg(jsonb_build_object(
                    'name', quote_ident(a.attname),
                    'type', format_type(a.atttypid, a.atttypmod),
                    'base', format_type(a.atttypid, null),
                    'kind', t.typtype::text,
                    'not_null', a.attnotnull,
                    'identity', a.attidentity::text,
                    'generated', a.attgenerated::text,
                    'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
                    'expression', case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end,
                    'comment', col_description(c.oid, a.attnum),
                    -- What a change of type would break: views, rules and generated columns that read the column.
                    'dependents', (
                      select coalesce(jsonb_agg(distinct what), '[]')
                        from (
                          select 'view ' || r.ev_class::regclass::text as what
                            from pg_depend p
                            join pg_rewrite r on r.oid = p.objid and p.classid = 'pg_rewrite'::regclass
                           where p.refclassid = 'pg_class'::regclass
                             and p.refobjid = c.oid
                             and p.refobjsubid = a.attnum
                          union all
                          select 'generated column ' || quote_ident(c.relname) || '.' || quote_ident(g.attname)
                            from pg_attrdef gd
                            join pg_attribute g on g.attrelid = gd.adrelid and g.attnum = gd.adnum and g.attgenerated <> ''
                            join pg_depend p on p.refclassid = 'pg_class'::regclass and p.refobjid = c.oid and p.refobjsubid = a.attnum
                             -- The expression's own dependency: on the column up to 14, on its pg_attrdef from 15 on.
                             and ((p.classid = 'pg_attrdef'::regclass and p.objid = gd.oid)
                               or (p.classid = 'pg_class'::regclass and p.objid = c.oid and p.objsubid = g.attnum))
                           where gd.adrelid = c.oid
                             and g.attnum <> a.attnum
                          union all
                          select 'trigger ' || tg.tgname
                            from pg_depend p
                            join pg_trigger tg on tg.oid = p.objid and p.classid = 'pg_trigger'::regclass and not tg.tgisinternal
                           where p.refclassid = 'pg_class'::regclass
                             and p.refobjid = c.oid
                             and p.refobjsubid = a.attnum
                          union all
                          select 'policy ' || pol.polname
                            from pg_depend p
                            join pg_policy pol on pol.oid = p.objid and p.classid = 'pg_policy'::regclass
                           where p.refclassid = 'pg_class'::regclass
                             and p.refobjid = c.oid
                             and p.refobjsubid = a.attnum
                        ) found
                    )
                  ) order by a.attnum), '[]')
             from pg_attribute a
             join pg_type t on t.oid = a.atttypid
             left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where a.attrelid = c.oid
              and a.attnum > 0
              and not a.attisdropped
         ),
         'constraints', (
           select coalesce(jsonb_agg(jsonb_build_object(
                    'name', quote_ident(k.conname),
                    'kind', k.contype::text,
                    'columns', (
                      select coalesce(jsonb_agg(quote_ident(a.attname) order by u.position), '[]')
                        from unnest(k.conkey) with ordinality u (attnum, position)
                        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.attnum
                    ),
                    'definition', pg_get_constraintdef(k.oid),
                    'parent', quote_ident(parent.relname),
                    'parent_schema', parent_schema.nspname,
                    'parent_columns', (
                      select coalesce(jsonb_agg(quote_ident(a.attname) order by u.position), '[]')
                        from unnest(k.confkey) with ordinality u (attnum, position)
                        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.attnum
                    ),
                    'on_delete', k.confdeltype::text,
                    'on_update', k.confupdtype::text,
                    'deferrable', k.condeferrable,
                    -- Other tables' foreign keys that stand on this key.
                    'leaned_on_by', (
                      select coalesce(jsonb_agg(f.conrelid::regclass::text || '.' || quote_ident(f.conname)), '[]')
                        from pg_constraint f
                       where k.contype in ('p', 'u')
                         and f.contype = 'f'
                         and f.conindid = k.conindid
                    )
                  ) order by k.conname), '[]')
             from pg_constraint k
             left join pg_class parent on parent.oid = k.confrelid
             left join pg_namespace parent_schema on parent_schema.oid = parent.relnamespace
            where k.conrelid = c.oid
              and k.contype in ('p', 'u', 'f', 'c')
         ),
         'indexes', (
           select coalesce(jsonb_agg(jsonb_build_object(
                    'name', quote_ident(ic.relname),
                    'unique', i.indisunique,
                    'primary', i.indisprimary,
                    -- Deferrable ones cannot decide an ON CONFLICT, invalid ones promise nothing.
                    'usable', i.indisvalid and i.indimmediate,
                    'constraint', (select quote_ident(k.conname) from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x') limit 1),
                    'keys', keys.list,
                    'predicate', pg_get_expr(i.indpred, i.indrelid),
                    'nulls_distinct', not coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
                    -- Everything that makes two indexes the same, but for the name.
                    'shape', concat_ws(' ', am.amname, case when i.indisunique then 'unique' end,
                               case when (to_jsonb(i) ->> 'indnullsnotdistinct')::boolean then 'nulls not distinct' end,
                               '(' || keys.shape || ')', 'where ' || pg_get_expr(i.indpred, i.indrelid)),
                    'definition', pg_get_indexdef(i.indexrelid),
                    'plain', i.indexprs is null and i.indpred is null and keys.plain and am.amname = 'btree',
                    'columns', (
                      select coalesce(jsonb_agg(distinct quote_ident(a.attname)), '[]')
                        from pg_attribute a
                       where a.attrelid = i.indrelid
                         and (a.attnum = any (i.indkey::smallint[])
                           or exists (
                             select from pg_depend p
                              where p.classid = 'pg_class'::regclass and p.objid = i.indexrelid
                                and p.refclassid = 'pg_class'::regclass and p.refobjid = i.indrelid
                                and p.refobjsubid = a.attnum))
                    ),
                    'leaned_on_by', (
                      select coalesce(jsonb_agg(f.conrelid::regclass::text || '.' || quote_ident(f.conname)), '[]')
                        from pg_constraint f
                       where f.contype = 'f'
                         and f.conindid = i.indexrelid
                    )
                  ) order by ic.relname), '[]')
             from pg_index i
             join pg_class ic on ic.oid = i.indexrelid
             join pg_am am on am.oid = ic.relam
             cross join lateral (
               select jsonb_agg(pg_get_indexdef(i.indexrelid, k, true) order by k) filter (where k <= i.indnkeyatts) as list,
                      string_agg(
                        pg_get_indexdef(i.indexrelid, k, true)
                          || case when k <= i.indnkeyatts and not o.opcdefault then ' ' || o.opcname else '' end
                          || case when k > i.indnkeyatts then ' included'
                                  else case i.indoption[k - 1] & 3 when 1 then ' desc nulls last' when 2 then ' nulls first' when 3 then ' desc' else '' end
                             end,
                        ', ' order by k) as shape,
                      bool_and(k <= i.indnkeyatts and o.opcdefault and i.indoption[k - 1] = 0) as plain
                 from generate_series(1, i.indnatts) k
                 left join pg_opclass o on k <= i.indnkeyatts and o.oid = i.indclass[k - 1]
             ) keys
            where i.indrelid = c.oid
         )
       )
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $1
   and c.relname = any ($2)
   and c.relkind in ('r', 'p', 'v', 'm', 'f')
 order by c.relname
