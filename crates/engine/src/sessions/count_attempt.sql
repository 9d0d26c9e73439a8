-- Counts a sign-in that is about to be tried, and takes old counts out. $1 account or address, $2 what stands for it, $3 now,
-- $4 since when counts belong to the present window.
with old as (
  delete from touchline.sign_in_attempts a
   using (select kind, sha256
            from touchline.sign_in_attempts
           where began_at < $4
             and sha256 <> $2
           order by began_at
           limit 100
             for update skip locked) o
   where a.kind = o.kind
     and a.sha256 = o.sha256
)
insert into touchline.sign_in_attempts as a (kind, sha256, began_at, failed)
values ($1, $2, $3, 1)
on conflict (kind, sha256) do update
  set began_at = case when a.began_at < $4 then excluded.began_at else a.began_at end,
      failed = case when a.began_at < $4 then 1 else least(a.failed, 1000000) + 1 end
returning failed,
          -- How long this window lasts still.
          extract(epoch from began_at - $4::timestamptz)::bigint
