-- Something that needs a look; the same again counts up. $1 source, $2 stream, $3 kind, $4 detail, $5 payload,
-- $6 occurrences, $7 now
insert into touchline.problems (source, stream, kind, detail, payload, occurrences, first_seen_at, last_seen_at)
values ($1, $2, $3, $4, $5, $6, $7, $7)
on conflict (source, stream, kind, detail) do update
   set occurrences = touchline.problems.occurrences + excluded.occurrences,
       last_seen_at = excluded.last_seen_at
