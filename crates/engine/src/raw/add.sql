-- Stores records whose keys the table does not hold.
-- $1 keys, $2 payloads as JSON text, $3 original bytes (null where JSONB holds the payload), $4 SHA-256,
-- $5 when each record's page was requested, $6… the extracted columns as text.
insert into {table} ({names}, raw_json, raw_bytes, payload_sha256, synced_at, created_at, updated_at)
select {typed},
       p.payload::jsonb,
       p.original,
       p.sha256,
       p.observed_at,
       p.observed_at,
       p.observed_at
  from unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::timestamptz[]{parameters})
    as p(record_key, payload, original, sha256, observed_at, {names})
