-- Every address a person is known by. The key of deduplication: one address belongs to one lead.
create table if not exists lead_identities (
  identity_kind   text not null,
  identity_value  text not null,
  lead_id         uuid not null constraint lead_identities_lead_id_fkey references leads (id) on delete cascade,
  created_at      timestamptz not null default now(),
  constraint lead_identities_pkey primary key (identity_kind, identity_value)
);

create index if not exists lead_identities_lead_id_idx on lead_identities (lead_id);

comment on table lead_identities is 'Addresses and vendor ids that stand for a lead; each belongs to one lead only.';
comment on column lead_identities.identity_kind is 'email (canonical address), instantly_lead (vendor id of a lead without a usable address), …';
comment on column lead_identities.identity_value is 'The address or id.';
comment on column lead_identities.lead_id is 'Whose it is.';
comment on column lead_identities.created_at is 'When we learned it.';

alter table lead_identities enable row level security;

-- Leads that were here before: the first row of an address keeps it, later rows of the same address stay as they are.
insert into lead_identities (identity_kind, identity_value, lead_id)
select distinct on (lower(btrim(email))) 'email', lower(btrim(email)), id
  from leads
 where email like '%@%'
   and octet_length(email) <= 320
 order by lower(btrim(email)), created_at, id
on conflict do nothing;
