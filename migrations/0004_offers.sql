-- 004 offers: what is being offered, to whom and at what price.
create table if not exists offers (
  id                 uuid primary key default gen_random_uuid(),
  offer_name         text not null,
  offer_type         text
                     constraint offers_offer_type_check
                     check (offer_type in ('service', 'product', 'consulting', 'subscription')),
  price_min          numeric,
  price_max          numeric,
  target_industries  text[],
  value_proposition  text,
  created_by         uuid constraint offers_created_by_fkey references users (id) on delete set null,
  created_at         timestamptz not null default now(),
  updated_at         timestamptz not null default now()
);

create index if not exists offers_created_by_idx on offers (created_by);

comment on table offers is 'What we offer. Campaigns point here, so results can be read per offer.';
comment on column offers.id is 'Ours.';
comment on column offers.offer_name is 'Name people use for it.';
comment on column offers.offer_type is 'service, product, consulting or subscription.';
comment on column offers.price_min is 'Lowest price, in the currency the team works in; null: not stated.';
comment on column offers.price_max is 'Highest price, same currency; null: not stated.';
comment on column offers.target_industries is 'Industries it is meant for.';
comment on column offers.value_proposition is 'Why somebody should care, in our words.';
comment on column offers.created_by is 'Who made it; null when unknown.';
comment on column offers.created_at is 'When the row was made.';
comment on column offers.updated_at is 'When anything of the row last changed.';

alter table offers enable row level security;
