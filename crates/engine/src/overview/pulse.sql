-- What every page shows at its edge, cheap at any size.
select (
         -- rows written to what people look at, by the server's own statistics: moves when something new is committed
         select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::text
           from pg_stat_user_tables
          where relid in ('events'::regclass, 'leads'::regclass, 'campaign_leads'::regclass, 'campaigns'::regclass, 'queue_decisions'::regclass, 'suppressions'::regclass, 'touchline.receipts'::regclass)
       ) as token,
       touchline.time_zone() as time_zone,
       exists (select from touchline.settings where name = 'demo') as demo
