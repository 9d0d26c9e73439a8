-- Tells by the hash alone what a batch of records is to its table, so that a payload travels only where it is needed.
-- $1 keys, $2 SHA-256, $3 when each record's page was requested, $4… the extracted columns as text.
with incoming as (
  select p.record_key,
         p.sha256,
         p.observed_at,
         p.position,
         {typed}
    from unnest($1::text[], $2::bytea[], $3::timestamptz[]{parameters})
      with ordinality as p(record_key, sha256, observed_at, {names}, position)
)
select case
         when t.tableoid is null then 'new'
         when t.gone_at is null
          and t.synced_at <= i.observed_at
          and t.payload_sha256 = i.sha256 then 'unchanged'
         -- stale, returned, changed or recognised: store.sql looks closer
         else 'doubtful'
       end as verdict,
       array_agg(i.position) as positions
  from incoming i
  left join {table} t on {same_record}
 group by verdict
