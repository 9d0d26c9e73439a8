-- A large workspace, the same each time. Ids are numbers, so that a load can name any lead. Triggers and foreign keys
-- rest meanwhile: the rows are right, and loading is not what is measured. {leads} and {events} are filled in.
set session_replication_role = replica;
set synchronous_commit = off;

insert into offers (id, offer_name, offer_type)
select ('00000000-0000-4000-a000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Offer ' || n, 'service'
  from generate_series(1, 8) n;

insert into campaigns (id, campaign_name, offer_id, campaign_status, uses_calls, uses_linkedin)
select ('00000000-0000-4000-b000-' || lpad(to_hex(n), 12, '0'))::uuid,
       'Campaign ' || n,
       ('00000000-0000-4000-a000-' || lpad(to_hex(1 + n % 8), 12, '0'))::uuid,
       (array['active', 'active', 'paused', 'completed'])[1 + n % 4],
       n % 2 = 0,
       n % 3 = 0
  from generate_series(1, 40) n;

insert into companies (id, company_name, company_domain, industry, company_size)
select ('00000000-0000-4000-9000-' || lpad(to_hex(n), 12, '0'))::uuid,
       'Company ' || n,
       'company-' || n || '.example.com',
       (array['Logistics', 'Software', 'Retail', 'Health'])[1 + n % 4],
       (array['1-10', '11-50', '51-200', '201-500'])[1 + n % 4]
  from generate_series(1, {leads} / 5) n;

insert into leads (id, first_name, last_name, email, job_title, seniority, company_id, lead_status, created_at, updated_at)
select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
       (array['Ada', 'Grace', 'Jean', 'Mary', 'Sofia', 'Nina', 'Lena'])[1 + n % 7],
       'Person' || n,
       'person' || n || '@company-' || (1 + n % ({leads} / 5)) || '.example.com',
       (array['Head of Operations', 'CFO', 'Buyer', 'Plant manager'])[1 + n % 4],
       (array['c_suite', 'director', 'manager'])[1 + n % 3],
       ('00000000-0000-4000-9000-' || lpad(to_hex(1 + n % ({leads} / 5)), 12, '0'))::uuid,
       (array['new', 'contacted', 'contacted', 'contacted', 'replied', 'qualified', 'unqualified'])[1 + n % 7],
       '2025-01-01'::timestamptz + n * interval '20 seconds',
       '2025-06-01'::timestamptz + n * interval '20 seconds'
  from generate_series(1, {leads}) n;

insert into lead_identities (identity_kind, identity_value, lead_id)
select 'email', email, id
  from leads;

insert into campaign_leads (id, campaign_id, lead_id, email_status, overall_status)
select ('00000000-0000-4000-c000-' || lpad(to_hex(n), 12, '0'))::uuid,
       ('00000000-0000-4000-b000-' || lpad(to_hex(1 + n % 40), 12, '0'))::uuid,
       ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
       (array['sent', 'opened', 'replied', 'sent', 'bounced'])[1 + n % 5],
       (array['active', 'active', 'replied', 'active', 'bounced'])[1 + n % 5]
  from generate_series(1, {leads}) n;

-- each lead the same number, one in a hundred ten times as many; a touch every 31 hours, the leads begun one after the other
insert into events (
  event_source, event_type, lead_id, campaign_id, campaign_lead_id, event_timestamp, email_subject, email_body,
  natural_key, contact_address, sequence_step
)
select 'instantly',
       (array['email_sent', 'email_opened', 'email_sent', 'email_opened', 'email_sent', 'email_replied', 'email_sent', 'email_clicked', 'email_sent', 'email_auto_replied'])[1 + (nth + l) % 10],
       ('00000000-0000-4000-8000-' || lpad(to_hex(l), 12, '0'))::uuid,
       ('00000000-0000-4000-b000-' || lpad(to_hex(1 + l % 40), 12, '0'))::uuid,
       ('00000000-0000-4000-c000-' || lpad(to_hex(l), 12, '0'))::uuid,
       '2025-01-02'::timestamptz + l * interval '20 seconds' + nth * interval '31 hours' + e % 1000 * interval '1 minute',
       'A subject of common length, number ' || e,
       repeat('Words of a message as people write them. ', 4),
       'bench:' || e,
       'person' || l || '@example.com',
       1 + nth % 5
  from (
    select e,
           e / {leads} as nth,
           case when e % 11 = 0 then 1 + ((e / 11) % ({leads} / 100)) * 100 else 1 + e % {leads} end as l
      from generate_series(1, {events}) e
  ) numbered;

set session_replication_role = origin;
set synchronous_commit = on;
analyze;

insert into touchline.funnel_changes (campaign_id, changed_on, lead_id)
select distinct campaign_id, (event_timestamp at time zone touchline.time_zone())::date, lead_id
  from events;

-- the triggers that keep it rested
insert into touchline.lead_activity (lead_id, last_touch_at, last_answer_at)
select lead_id,
       max(event_timestamp) filter (where touchline.is_touch(event_type)),
       max(event_timestamp) filter (where touchline.is_answer(event_type, call_outcome))
  from events
 where touchline.is_touch(event_type)
 group by lead_id;
analyze touchline.lead_activity;
