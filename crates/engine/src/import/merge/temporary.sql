-- What one part brings, for the set-based steps. Gone with the connection; who fills one empties it first. Rows stay in
-- one piece: compressing them for a moment costs more than it saves.
create temporary table if not exists import_companies (
  company_id      uuid,
  company_name    text,
  company_domain  text,
  industry        text,
  company_size    text,
  apollo_data     jsonb,
  apollo_keys     text[]
) with (toast_tuple_target = 8160);
create temporary table if not exists import_people (
  lead_id        uuid,
  is_new         boolean,
  position       integer,
  overwrites     boolean,
  first_name     text,
  last_name      text,
  email          text,
  job_title      text,
  seniority      text,
  phone          text,
  linkedin_url   text,
  company_id     uuid,
  other_emails   text[]
);
create temporary table if not exists import_further (
  lead_id   uuid,
  position  integer,
  item      jsonb
) with (toast_tuple_target = 8160);
