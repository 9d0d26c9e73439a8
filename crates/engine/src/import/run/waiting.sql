-- Whether somebody waits for the lock under which companies and people are made
select exists (
         select
           from pg_locks
          where locktype = 'advisory'
            and database = (select oid from pg_database where datname = current_database())
            and objsubid = 1
            and classid::bigint << 32 | objid::bigint = hashtextextended('touchline normalise', 0)
            and not granted
       )
