-- What is known of the streams and of webhooks: it explains what cannot be compared.
select (select walked_to_end_at from touchline.streams where source = 'instantly' and stream = 'campaign_analytics') as counters_at,
       (select walked_to_end_at from touchline.streams where source = 'instantly' and stream = 'emails') as emails_at,
       (select walked_to_end_at from touchline.streams where source = 'instantly' and stream = 'leads') as leads_at,
       (
         select min(event_timestamp)
           from events
          where event_source = 'instantly'
            and event_type in ('email_opened', 'email_clicked')
       ) as webhooks_since
