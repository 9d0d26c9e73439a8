-- 006 leads: people. Rows without a name, e-mail or company are kept: real lists hold them.
create table if not exists leads (
  id             uuid primary key default gen_random_uuid(),
  first_name     text,
  last_name      text,
  email          text,
  job_title      text,
  seniority      text,
  phone          text,
  linkedin_url   text,
  company_id     uuid constraint leads_company_id_fkey references companies (id) on delete set null,
  csv_import_id  uuid constraint leads_csv_import_id_fkey references csv_imports_raw (id) on delete set null,
  apollo_data    jsonb,
  lead_status    text not null default 'new'
                 constraint leads_lead_status_check
                 check (lead_status in ('new', 'contacted', 'replied', 'qualified', 'converted', 'unqualified')),
  derived        jsonb not null default '{}',
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now()
);

create index if not exists leads_company_id_idx on leads (company_id);
create index if not exists leads_csv_import_id_idx on leads (csv_import_id);
create index if not exists leads_lead_status_idx on leads (lead_status);
create index if not exists leads_lower_email_idx on leads (lower(email));

comment on table leads is 'People we write to, call or meet on LinkedIn. One row a person; lead_identities holds every address they are known by.';
comment on column leads.id is 'Ours.';
comment on column leads.first_name is 'First name.';
comment on column leads.last_name is 'Last name.';
comment on column leads.email is 'Main address, trimmed and lower case; null: not known.';
comment on column leads.job_title is 'Title as the list or vendor names it.';
comment on column leads.seniority is 'Seniority as the list names it.';
comment on column leads.phone is 'Phone as given.';
comment on column leads.linkedin_url is 'LinkedIn profile as given.';
comment on column leads.company_id is 'Employer; null: not known.';
comment on column leads.csv_import_id is 'Import that brought the lead; null: it came from a vendor or a person.';
comment on column leads.apollo_data is 'Original columns of the list, by header; serve as merge fields.';
comment on column leads.lead_status is 'new, contacted, replied, qualified, converted, unqualified: the furthest over all campaigns.';
comment on column leads.derived is 'What normalisation last wrote, by column. A column whose value is no longer this was edited by a person or another source and is left alone.';
comment on column leads.created_at is 'When the row was made.';
comment on column leads.updated_at is 'When anything of the row last changed.';

alter table leads enable row level security;
