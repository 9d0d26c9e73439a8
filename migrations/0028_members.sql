-- 028 What making campaigns, offers and lists of members needs beyond 004, 007 and 008.
alter table offers add column if not exists archived_at timestamptz;
comment on column offers.archived_at is 'When it was put away; null: it is in use. Campaigns that sell it keep it.';

alter table campaigns add column if not exists vapi_assistant_id text;
comment on column campaigns.vapi_assistant_id is 'Soft link to the Vapi assistant that calls for it; null: none.';

alter table campaign_leads
  add column if not exists added_by    uuid constraint campaign_leads_added_by_fkey references users (id) on delete set null,
  add column if not exists removed_at  timestamptz,
  add column if not exists removed_by  uuid constraint campaign_leads_removed_by_fkey references users (id) on delete set null;
create index if not exists campaign_leads_added_by_idx on campaign_leads (added_by);
create index if not exists campaign_leads_removed_by_idx on campaign_leads (removed_by);
comment on column campaign_leads.added_by is 'User who added the person; null: a vendor, a list, or not known.';
comment on column campaign_leads.removed_at is 'When somebody took the person out of the campaign; what happened stays. Null: a member.';
comment on column campaign_leads.removed_by is 'User who took the person out.';

create index if not exists campaign_leads_members_idx on campaign_leads (campaign_id, created_at desc, id desc);
create index if not exists campaigns_list_idx on campaigns (created_at desc, id desc);
create index if not exists companies_list_idx on companies (created_at desc, id desc);
-- stands in for the one on company_id alone
drop index if exists leads_company_id_idx;
create index if not exists leads_of_company_idx on leads (company_id, created_at desc, id desc);
