create temporary table changed (
  raw_table   text not null,
  record_key  text not null,
  primary key (raw_table, record_key)
) on commit drop;
create temporary table touched_leads (
  lead_id  uuid primary key
) on commit drop
