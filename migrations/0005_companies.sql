-- 005 companies: one row a registrable domain; companies without a domain are kept too. Many leads share one.
create table if not exists companies (
  id                    uuid primary key default gen_random_uuid(),
  company_name          text,
  company_domain        text constraint companies_company_domain_key unique,
  industry              text,
  company_size          text,
  apollo_data           jsonb,
  first_seen_in_csv_id  uuid constraint companies_first_seen_in_csv_id_fkey
                        references csv_imports_raw (id) on delete set null,
  derived               jsonb not null default '{}',
  created_at            timestamptz not null default now(),
  updated_at            timestamptz not null default now()
);

create index if not exists companies_first_seen_in_csv_id_idx on companies (first_seen_in_csv_id);
create index if not exists companies_folded_name_idx on companies (md5(lower(btrim(company_name)))) where company_domain is null;

comment on table companies is 'Employers of leads. Free-mail and social domains never become a company.';
comment on column companies.id is 'Ours.';
comment on column companies.company_name is 'Name as first seen.';
comment on column companies.company_domain is 'Registrable domain by the Public Suffix List (private part included), lower case, punycode; null: none known.';
comment on column companies.industry is 'Industry as the list or vendor names it.';
comment on column companies.company_size is 'Head count or range as the list names it.';
comment on column companies.apollo_data is 'Original columns of the list the company came from, by header.';
comment on column companies.first_seen_in_csv_id is 'Import that brought it; null: it came from a vendor.';
comment on column companies.derived is 'What normalisation last wrote, by column. A column whose value is no longer this was edited by a person or another source and is left alone.';
comment on column companies.created_at is 'When the row was made.';
comment on column companies.updated_at is 'When anything of the row last changed.';

alter table companies enable row level security;
