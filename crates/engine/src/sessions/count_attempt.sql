-- Counts a sign-in that is about to be tried, and takes old counts out. $1 kinds, $2 what stands for account and address,
-- $3 now, $4 since when counts belong to the present window.
with old as (
  delete from touchline.sign_in_attempts a
   using (select kind, sha256
            from touchline.sign_in_attempts
           where began_at < $4
             and sha256 <> all ($2)
           order by began_at
           limit 100
             for update skip locked) o
   where a.kind = o.kind
     and a.sha256 = o.sha256
)
insert into touchline.sign_in_attempts as a (kind, sha256, began_at, failed)
select kind, sha256, $3, 1
  from unnest($1::text[], $2::bytea[]) as asked (kind, sha256)
 order by kind, sha256
on conflict (kind, sha256) do update
  set began_at = case when a.began_at < $4 then excluded.began_at else a.began_at end,
      failed = case when a.began_at < $4 then 1 else least(a.failed, 1000000) + 1 end
returning kind, failed, extract(epoch from began_at + ($3 - $4) - $3)::bigint
