-- How many messages are here, and how many the vendor's lifetime counters promise (drafts and mail outside campaigns
-- are in no counter, so this is a lower bound).
select (select count(*) from instantly_emails_raw) as stored,
       (
         select sum(
                  emails_sent_count::bigint
                  + coalesce(reply_count, 0)
                  + case when raw_json ->> 'reply_count_automatic' ~ '^[0-9]{1,9}$' then (raw_json ->> 'reply_count_automatic')::bigint else 0 end
                )::bigint
           from instantly_campaigns_raw
          where gone_at is null
       ) as expected
