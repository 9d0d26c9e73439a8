-- Whether nothing but our own foreign keys hangs on the tables an import writes people into, and whether what hangs on
-- tables is left out already
with written as (
  select unnest(array['csv_imports_raw', 'leads', 'companies', 'lead_identities']::regclass[]) as id
)
select not exists (
         select from pg_trigger t join written w on w.id = t.tgrelid where not t.tgisinternal and t.tgenabled <> 'D'
       )
   and not exists (
         select
           from pg_constraint c
           join written w on w.id = c.conrelid
          where c.contype = 'f'
            and (c.conrelid, c.confrelid) not in (
              ('csv_imports_raw'::regclass, 'users'::regclass),
              ('leads'::regclass, 'companies'::regclass),
              ('leads'::regclass, 'csv_imports_raw'::regclass),
              ('companies'::regclass, 'csv_imports_raw'::regclass),
              ('lead_identities'::regclass, 'leads'::regclass)
            )
       ),
       current_setting('session_replication_role') = 'replica'
