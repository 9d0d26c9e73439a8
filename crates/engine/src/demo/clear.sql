-- Takes the demo out, history and cursors too; what hangs on it goes with it.
begin;
set local touchline.erasing = 'on';
truncate
  queue_decisions, campaign_rules, touchline.bulk_actions, touchline.lead_zones,
  suppressions, touchline.stops, touchline.stop_receipts, touchline.outbox,
  events, campaign_leads, campaigns, lead_identities, leads, companies, csv_imports_raw, offers,
  instantly_campaigns_raw, instantly_accounts_raw, instantly_daily_analytics_raw, instantly_emails_raw,
  instantly_campaign_configs_raw, instantly_leads_raw, instantly_steps_raw, instantly_email_details_raw,
  instantly_block_list_raw,
  instantly_webhook_events_raw, linkedin_events_raw, vapi_calls_raw, vapi_messages_raw, vapi_campaigns_raw, vapi_assistants_raw,
  vapi_phone_numbers_raw,
  raw_history,
  touchline.connections, touchline.connection_secrets, touchline.deliveries, touchline.schedule,
  touchline.streams, touchline.receipts, touchline.runs, touchline.walk_pages, touchline.changes,
  touchline.reached, touchline.funnel_people, touchline.funnel_touches, touchline.funnel_changes,
  touchline.subjects, touchline.problems, touchline.settings,
  touchline.import_changes, touchline.import_rows, touchline.import_parts, touchline.imports, touchline.import_file_parts,
  touchline.import_files, touchline.import_mappings
  cascade;
-- the rules that hold where a campaign sets none
insert into campaign_rules (channel, after_days, between_days, max_attempts, daily_limit, opens_at, closes_at, weekdays)
values ('call', 3, 2, 3, 40, '09:00', '17:00', '{1,2,3,4,5}'),
       ('linkedin', 2, 4, 3, 20, '08:00', '18:00', '{1,2,3,4,5}');
commit;
