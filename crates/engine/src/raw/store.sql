-- Stores one batch of records. What did not change writes nothing; what did moves the payload it replaces into
-- raw_history; what comes from a page older than the payload we hold is left alone.
-- $1 keys, $2 payloads as JSON text, $3 original bytes (null where JSONB holds the payload), $4 SHA-256,
-- $5 when each record's page was requested, $6… the extracted columns as text.
with incoming as materialized (
  select p.record_key,
         p.payload,
         p.original,
         p.sha256,
         p.observed_at,
         {typed}
    from unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::timestamptz[]{parameters})
      as p(record_key, payload, original, sha256, observed_at, {names})
),
judged as materialized (
  select i.*,
         case
           when t.tableoid is null then 'new'
           -- a page asked for before the payload we hold was received cannot know better (hours ahead of it is
           -- no order of arrival but a clock of ours that was wrong)
           when greatest(t.synced_at, t.gone_at) > i.observed_at
            and greatest(t.synced_at, t.gone_at) < i.observed_at + interval '1 hour' then 'stale'
           when t.gone_at is not null then 'returned'
           -- same bytes: no need to look at the payload
           when t.payload_sha256 = i.sha256 then 'unchanged'
           -- other bytes may still be the same JSON (order of keys, spaces)
           when t.raw_bytes is null and i.original is null and t.raw_json = i.payload::jsonb then
             -- a row that was there before Touchline gets its extracted columns
             case when t.payload_sha256 is null then 'recognised' else 'unchanged' end
           -- a page put together from an older copy: the record itself says that what we just received is newer
           when coalesce(t.raw_json ->> 'timestamp_updated', t.raw_json ->> 'updatedAt')
                > coalesce(i.payload::jsonb ->> 'timestamp_updated', i.payload::jsonb ->> 'updatedAt')
            and t.synced_at > i.observed_at - interval '1 hour' then 'stale'
           else 'changed'
         end as verdict
    from incoming i
    left join {table} t on {same_record}
),
kept as (
  insert into raw_history (raw_table, record_key, raw_json, raw_bytes, payload_sha256, valid_from, valid_to)
  select '{table}',
         i.record_key,
         coalesce(t.raw_json, 'null'),
         t.raw_bytes,
         t.payload_sha256,
         coalesce(t.synced_at, t.created_at, '-infinity'),
         coalesce(t.gone_at, i.observed_at)
    from judged i
    join {table} t on {same_record}
   where i.verdict in ('changed', 'returned')
),
replaced as (
  update {table} t
     set {assign},
         raw_json = i.payload::jsonb,
         raw_bytes = i.original,
         payload_sha256 = i.sha256,
         synced_at = i.observed_at,
         updated_at = i.observed_at,
         gone_at = null
    from judged i
   where {same_record}
     and i.verdict in ('changed', 'returned')
),
recognised as (
  update {table} t
     set {assign},
         payload_sha256 = i.sha256,
         updated_at = i.observed_at
    from judged i
   where {same_record}
     and i.verdict = 'recognised'
),
added as (
  insert into {table} ({names}, raw_json, raw_bytes, payload_sha256, synced_at, created_at, updated_at)
  select {incoming},
         i.payload::jsonb,
         i.original,
         i.sha256,
         i.observed_at,
         i.observed_at,
         i.observed_at
    from judged i
   where i.verdict = 'new'
)
select verdict, array_agg(record_key) as record_keys
  from judged
 group by verdict
