-- Subjects that were answered. $1 source, $2 stream, $3 ids, $4 when asked, $5 first day asked for
insert into touchline.subjects (source, stream, subject, done_at, covered_from)
select $1, $2, s.id, s.asked_at, s.first_day::date
  from unnest($3::text[], $4::timestamptz[], $5::text[]) as s(id, asked_at, first_day)
on conflict (source, stream, subject) do update
   set done_at = excluded.done_at,
       covered_from = excluded.covered_from
