-- The receipt that has waited longest, for whoever tells its target. $1 kind of target, $2 now
update touchline.stop_receipts r
   set state = 'unknown',
       told_at = $2,
       attempts = r.attempts + 1
 where r.id = (
         select w.id
           from touchline.stop_receipts w
          where w.target_kind = $1
            and (
              w.state = 'waiting'
              -- whoever told it is gone
              or w.state = 'unknown' and w.told_at < $2::timestamptz - interval '5 minutes'
              or w.state = 'failed' and w.told_at < $2::timestamptz - least(w.attempts, 60) * interval '1 minute'
            )
            and w.state in ('waiting', 'failed', 'unknown')
          order by w.asked_at, w.id
          limit 1
            for update skip locked
       )
returning r.id
