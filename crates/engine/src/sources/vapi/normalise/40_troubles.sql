-- What needs a look: reasons and message types nobody has explained to us, calls that were never placed because of our
-- account or settings, and messages whose sender waited for an answer. Counted anew each time, so that a retry is no
-- second trouble. $1 now
with reasons as (
  select c.ended_reason
    from changed
    join vapi_calls_raw c on c.vapi_call_id = changed.record_key
   where changed.raw_table = 'vapi_calls_raw'
     and c.ended_bucket in ('unknown', 'not_placed')
  union
  select m.ended_reason
    from changed
    join vapi_messages_raw m on m.message_key = changed.record_key
   where changed.raw_table = 'vapi_messages_raw'
     and m.ended_bucket in ('unknown', 'not_placed')
),
calls as (
  select c.ended_reason, c.ended_bucket, c.vapi_call_id
    from reasons
    join vapi_calls_raw c using (ended_reason)
   where c.ended_bucket in ('unknown', 'not_placed')
  union
  select m.ended_reason, m.ended_bucket, m.vapi_call_id
    from reasons
    join vapi_messages_raw m using (ended_reason)
   where m.ended_bucket in ('unknown', 'not_placed')
),
types as (
  select distinct m.message_type
    from changed
    join vapi_messages_raw m on m.message_key = changed.record_key
   where changed.raw_table = 'vapi_messages_raw'
     and m.meaning in ('request', 'unknown')
),
troubles as (
  select 'calls' as stream,
         case ended_bucket when 'unknown' then 'unknown_code' else 'calls_not_placed' end as kind,
         'endedReason=' || left(ended_reason, 200) as detail,
         count(*) as occurrences
    from calls
   group by ended_bucket, left(ended_reason, 200)
  union all
  select 'messages',
         case m.meaning when 'unknown' then 'unknown_code' else 'unanswered_request' end,
         'type=' || left(m.message_type, 200) || case m.meaning when 'unknown' then '' else ': Vapi waits for an answer that Touchline does not give; have it sent to a server that does' end,
         count(*)
    from types
    join vapi_messages_raw m using (message_type)
   where m.meaning in ('request', 'unknown')
   group by m.meaning, m.message_type
)
insert into touchline.problems as p (source, stream, kind, detail, occurrences, first_seen_at, last_seen_at)
select 'vapi',
       stream,
       kind,
       detail,
       occurrences,
       $1,
       $1
  from troubles
    on conflict (source, stream, kind, detail) do update
   set occurrences = excluded.occurrences,
       last_seen_at = $1
 where p.occurrences <> excluded.occurrences
