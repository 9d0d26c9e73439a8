-- What stands open that should not, one row a statement that closes it; no rows: all is shut.
-- $1 tables and views of ours in the workspace's schema, $2 functions of ours there. PostgreSQL itself gives EXECUTE on
-- new functions to everybody, and older Supabase projects give everything in public to anon as it is made.
with roles as (
  -- Nobody without an account, and nobody by default.
  select 0::oid as oid, 'public' as name
  union all
  select oid, 'anon' from pg_roles where rolname = 'anon'
),
ours as (
  select c.oid,
         c.relkind,
         c.relowner,
         c.relacl,
         c.relrowsecurity,
         -- Without security_invoker a view shows its reader everything its owner may see.
         c.relkind = 'v' and not coalesce('security_invoker=true' = any (c.reloptions), false) as lends_its_rights,
         case when n.nspname = 'touchline' then 'touchline.' else '' end || quote_ident(c.relname) as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'v', 'S')
     and (n.nspname = 'touchline'
       or n.nspname = current_schema() and c.relname::text = any ($1)
       -- Sequences behind columns of our tables.
       or c.relkind = 'S' and exists (
            select from pg_depend d
              join pg_class t on t.oid = d.refobjid
             where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
               and d.deptype in ('a', 'i')
               and t.relnamespace = current_schema()::regnamespace and t.relname::text = any ($1)))
     and pg_has_role(c.relowner, 'usage')
),
barred as (
  select ours.oid, roles.oid as role_oid, roles.name as role
    from ours, roles
  union all
  select ours.oid, r.oid, r.rolname
    from ours
    join pg_roles r on r.rolname = 'authenticated'
   where ours.lends_its_rights
),
open as (
  select ours.name as subject,
         'row-level security on: no role of an API sees rows without a policy' as what,
         'alter table ' || ours.name || ' enable row level security' as sql,
         1 as position
    from ours
   where ours.relkind = 'r'
     and ours.name not like 'touchline.%'
     and not ours.relrowsecurity
  union all
  select distinct ours.name,
         'no access for ' || barred.role,
         'revoke all on ' || case when ours.relkind = 'S' then 'sequence ' else '' end || ours.name || ' from ' || barred.role,
         2
    from ours
    join barred on barred.oid = ours.oid
   where exists (select from aclexplode(ours.relacl) a where a.grantee = barred.role_oid and a.grantor = ours.relowner)
      or exists (select from pg_attribute c, aclexplode(c.attacl) a
                  where c.attrelid = ours.oid and a.grantee = barred.role_oid and a.grantor = ours.relowner)
  union all
  select distinct f.oid::regprocedure::text,
         'not to be called by ' || roles.name,
         'revoke all on function ' || f.oid::regprocedure || ' from ' || roles.name,
         3
    from pg_proc f
    join pg_namespace n on n.oid = f.pronamespace
    cross join roles
   where (n.nspname = 'touchline' or n.nspname = current_schema() and f.proname::text = any ($2))
     and f.prokind = 'f'
     and pg_has_role(f.proowner, 'usage')
     and exists (select from aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
                  where a.grantee = roles.oid and a.grantor = f.proowner)
)
select subject, what, sql
  from open
 order by position, subject, sql
