-- What vendors' own records say of an enrollment where no event tells; each source fills it for `touched_leads`.
create temporary table vendor_standings (
  lead_id         uuid not null,
  campaign_id     uuid not null,
  source          text not null,
  contact_address text,
  enrolled_at     timestamptz,
  told_at         timestamptz,
  unsubscribed    boolean not null,
  bounced         boolean not null,
  opened          boolean not null,
  clicked         boolean not null,
  contacted_at    timestamptz,
  replied_at      timestamptz,
  interest        integer,
  interest_at     timestamptz,
  stops_itself    boolean
) on commit drop;
-- What stops whom: events, vendors' records, and what colleagues said where the whole company stops.
create temporary table signals (
  lead_id         uuid not null,
  campaign_id     uuid,
  event_id        uuid,
  reason          text not null,
  happened_at     timestamptz not null,
  observed_at     timestamptz not null,
  signal_key      text not null,
  source          text not null,
  own             boolean not null
) on commit drop
