-- What every page shows at its edge, in one statement that stays cheap at any size. $1 now
select (
         -- rows written to what people look at, by the server's own statistics: moves when something new is committed
         select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::text
           from pg_stat_user_tables
          where relid in ('events'::regclass, 'leads'::regclass, 'campaign_leads'::regclass, 'campaigns'::regclass, 'touchline.receipts'::regclass)
       ) as token,
       (
         select count(*)
           from (
             select
               from events
              where event_type in ('email_replied', 'email_received', 'message_replied')
                and event_timestamp > $1::timestamptz - interval '24 hours'
                and withdrawn_at is null
              limit 100
           ) as counted
       ) as replies,
       (
         select count(*)
           from (
             select
               from events
              where lead_id is null
                and event_type in ('email_replied', 'email_received', 'message_replied')
                and withdrawn_at is null
              limit 100
           ) as counted
       ) as unmatched,
       touchline.time_zone() as time_zone,
       exists (select from touchline.settings where name = 'demo') as demo
