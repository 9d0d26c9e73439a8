-- One line of a run's receipt, as totals, so that writing it twice is harmless.
insert into touchline.receipts (
  run_id, stream, state, reason, hint, missing_scope,
  pages, items, bytes,
  new_records, changed, unchanged, stale, gone, returned, set_aside, repeated,
  requests, retries, waited_seconds,
  started_at, ended_at
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
on conflict (run_id, stream) do update
   set state = excluded.state,
       reason = excluded.reason,
       hint = excluded.hint,
       missing_scope = excluded.missing_scope,
       pages = excluded.pages,
       items = excluded.items,
       bytes = excluded.bytes,
       new_records = excluded.new_records,
       changed = excluded.changed,
       unchanged = excluded.unchanged,
       stale = excluded.stale,
       gone = excluded.gone,
       returned = excluded.returned,
       set_aside = excluded.set_aside,
       repeated = excluded.repeated,
       requests = excluded.requests,
       retries = excluded.retries,
       waited_seconds = excluded.waited_seconds,
       ended_at = excluded.ended_at
