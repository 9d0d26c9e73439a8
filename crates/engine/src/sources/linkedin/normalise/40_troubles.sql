-- Event names nobody has explained to us yet; counted anew each time, so that a retry is no second trouble. $1 now
with names as (
  select distinct r.provider, r.vendor_event_type
    from changed
    join linkedin_events_raw r on r.event_key = changed.record_key
   where changed.raw_table = 'linkedin_events_raw'
     and r.event_type = 'other'
),
troubles as (
  select 'event=' || left(names.vendor_event_type, 40) || ' (' || left(names.provider, 40) || ')' as detail,
         count(*) as occurrences
    from names
    join linkedin_events_raw r using (provider, vendor_event_type)
   where r.event_type = 'other'
   group by 1
)
insert into touchline.problems as p (source, stream, kind, detail, occurrences, first_seen_at, last_seen_at)
select 'linkedin',
       'events',
       'unknown_code',
       detail,
       occurrences,
       $1,
       $1
  from troubles
    on conflict (source, stream, kind, detail) do update
   set occurrences = excluded.occurrences,
       last_seen_at = $1
 where p.occurrences <> excluded.occurrences
