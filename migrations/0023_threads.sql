-- 023 Who an unknown sender might be is asked by thread and profile, among millions (by number: 025). Hashes: what stands there is
-- outside text of any length.
create index instantly_emails_raw_thread_id_idx on instantly_emails_raw using hash ((raw_json ->> 'thread_id'));
create index leads_lower_linkedin_url_idx on leads using hash (lower(linkedin_url)) where linkedin_url is not null;
