-- 023 Who an unknown sender might be is asked by thread, profile and number, among millions. Hashes: what stands there is
-- outside text of any length.
create index instantly_emails_raw_thread_id_idx on instantly_emails_raw using hash ((raw_json ->> 'thread_id'));
create index leads_phone_digits_idx on leads using hash (regexp_replace(phone, '[^0-9]', '', 'g')) where phone is not null;
create index leads_lower_linkedin_url_idx on leads using hash (lower(linkedin_url)) where linkedin_url is not null;
