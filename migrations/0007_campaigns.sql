-- 007 campaigns: ours; one may use e-mail, calls and LinkedIn together and link to a vendor's campaign.
create table if not exists campaigns (
  id                     uuid primary key default gen_random_uuid(),
  campaign_name          text not null,
  offer_id               uuid constraint campaigns_offer_id_fkey references offers (id) on delete set null,
  uses_email             boolean not null default false,
  uses_calls             boolean not null default false,
  uses_linkedin          boolean not null default false,
  instantly_campaign_id  text,
  vapi_campaign_id       text,
  campaign_status        text not null default 'draft'
                         constraint campaigns_campaign_status_check
                         check (campaign_status in ('draft', 'active', 'paused', 'completed', 'archived')),
  email_body_template    text,
  created_by             uuid constraint campaigns_created_by_fkey references users (id) on delete set null,
  derived                jsonb not null default '{}',
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now()
);

create index if not exists campaigns_offer_id_idx on campaigns (offer_id);
create index if not exists campaigns_created_by_idx on campaigns (created_by);
create index if not exists campaigns_instantly_campaign_id_idx on campaigns (instantly_campaign_id);
create index if not exists campaigns_campaign_status_idx on campaigns (campaign_status);

comment on table campaigns is 'Our campaigns, over one or several channels.';
comment on column campaigns.id is 'Ours.';
comment on column campaigns.campaign_name is 'Name people use for it.';
comment on column campaigns.offer_id is 'Offer it sells; null: none chosen.';
comment on column campaigns.uses_email is 'True: it sends mail.';
comment on column campaigns.uses_calls is 'True: it places calls.';
comment on column campaigns.uses_linkedin is 'True: it writes on LinkedIn.';
comment on column campaigns.instantly_campaign_id is 'Soft link to instantly_campaigns_raw and instantly_campaign_configs_raw; null: no Instantly campaign.';
comment on column campaigns.vapi_campaign_id is 'Soft link to a Vapi campaign; null: none.';
comment on column campaigns.campaign_status is 'draft, active, paused, completed, archived (archived also: deleted at the vendor).';
comment on column campaigns.email_body_template is 'Body of the first step, with {{first_name}}-style variables.';
comment on column campaigns.created_by is 'Who made it; null: it came from a vendor.';
comment on column campaigns.derived is 'What normalisation last wrote, by column. A column whose value is no longer this was edited by a person or another source and is left alone.';
comment on column campaigns.created_at is 'When the row was made.';
comment on column campaigns.updated_at is 'When anything of the row last changed.';

alter table campaigns enable row level security;
