create temporary table changed (
  raw_table   text not null,
  record_key  text not null,
  primary key (raw_table, record_key)
) on commit drop;
create temporary table touched_leads (
  lead_id  uuid primary key
) on commit drop;
create temporary table counted_again (
  campaign_id  uuid,
  changed_on   date not null,
  lead_id      uuid
) on commit drop
