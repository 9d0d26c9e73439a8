-- Stores deliveries and says which are there: those added now, and those of an attempt whose answer was lost.
-- A signature that is there already keeps its delivery out: it is a replay.
-- $1 ids, $2 connections, $3 sources, $4 providers, $5 events, $6 received at, $7 headers as JSON text, $8 bodies,
-- $9 encodings, $10 signatures, $11 whether they are trials
with added as (
  insert into touchline.deliveries (
           id, connection_id, source, provider, event, received_at, headers, body, encoding, signature,
           is_trial)
  select d.id,
         d.connection_id,
         d.source,
         d.provider,
         d.event,
         d.received_at,
         d.headers::jsonb,
         d.body,
         d.encoding,
         d.signature,
         d.is_trial
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::bytea[],
                $9::text[], $10::bytea[], $11::boolean[])
      as d(id, connection_id, source, provider, event, received_at, headers, body, encoding, signature, is_trial)
   -- several store at once: in one order, two with the same signatures wait for one another and never both
   order by d.connection_id, d.signature
      on conflict do nothing
  returning id
)
select id
  from added
union all
select d.id
  from touchline.deliveries d
 where d.id = any ($1)
