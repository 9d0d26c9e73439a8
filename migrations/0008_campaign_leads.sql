-- 008 campaign_leads: the enrollment of one lead in one campaign, once, with its state per channel.
create table if not exists campaign_leads (
  id                 uuid primary key default gen_random_uuid(),
  campaign_id        uuid not null constraint campaign_leads_campaign_id_fkey references campaigns (id) on delete cascade,
  lead_id            uuid not null constraint campaign_leads_lead_id_fkey references leads (id) on delete cascade,
  email_status       text not null default 'pending'
                     constraint campaign_leads_email_status_check
                     check (email_status in ('pending', 'sent', 'opened', 'clicked', 'replied', 'bounced', 'unsubscribed', 'failed')),
  email_sent_at      timestamptz,
  email_replied_at   timestamptz,
  call_status        text not null default 'not_scheduled'
                     constraint campaign_leads_call_status_check
                     check (call_status in ('not_scheduled', 'scheduled', 'completed', 'no_answer', 'voicemail', 'wrong_number', 'do_not_call')),
  call_scheduled_at  timestamptz,
  call_completed_at  timestamptz,
  linkedin_status    text not null default 'not_started'
                     constraint campaign_leads_linkedin_status_check
                     check (linkedin_status in ('not_started', 'connection_sent', 'connected', 'message_sent', 'replied')),
  overall_status     text not null default 'active'
                     constraint campaign_leads_overall_status_check
                     check (overall_status in ('active', 'replied', 'converted', 'disqualified', 'bounced', 'unsubscribed')),
  sequence_step      integer,
  next_followup_at   timestamptz,
  interest_status    integer,
  derived            jsonb not null default '{}',
  created_at         timestamptz not null default now(),
  updated_at         timestamptz not null default now(),
  constraint campaign_leads_campaign_id_lead_id_key unique (campaign_id, lead_id)
);

create index if not exists campaign_leads_lead_id_idx on campaign_leads (lead_id);
create index if not exists campaign_leads_overall_status_idx on campaign_leads (campaign_id, overall_status);

comment on table campaign_leads is 'Enrollments: one lead in one campaign, once. The state is a fold over what happened, by rank and time, whatever the order of arrival.';
comment on column campaign_leads.id is 'Ours.';
comment on column campaign_leads.campaign_id is 'Campaign.';
comment on column campaign_leads.lead_id is 'Lead.';
comment on column campaign_leads.email_status is 'pending < sent < opened < clicked < replied < bounced < unsubscribed; failed by hand.';
comment on column campaign_leads.email_sent_at is 'Latest message we sent in this campaign.';
comment on column campaign_leads.email_replied_at is 'Earliest human reply in this campaign; automatic replies do not count.';
comment on column campaign_leads.call_status is 'not_scheduled, scheduled, completed, no_answer, voicemail, wrong_number, do_not_call.';
comment on column campaign_leads.call_scheduled_at is 'When the next call is due.';
comment on column campaign_leads.call_completed_at is 'When a call was last completed.';
comment on column campaign_leads.linkedin_status is 'not_started, connection_sent, connected, message_sent, replied.';
comment on column campaign_leads.overall_status is 'active, replied, converted, disqualified, bounced, unsubscribed.';
comment on column campaign_leads.sequence_step is 'Highest step sent, from 1; null: none yet.';
comment on column campaign_leads.next_followup_at is 'When the lead is due again; null: not planned.';
comment on column campaign_leads.interest_status is 'Vendor interest code (0 out of office, 1 interested, 2 meeting booked, 3 meeting completed, 4 won, -1 not interested, -2 wrong person, -3 lost, -4 no show, others custom); null: never set, which is not 0.';
comment on column campaign_leads.derived is 'What normalisation last wrote, by column. A column whose value is no longer this was edited by a person or another source and is left alone.';
comment on column campaign_leads.created_at is 'When the row was made.';
comment on column campaign_leads.updated_at is 'When anything of the row last changed.';

alter table campaign_leads enable row level security;
