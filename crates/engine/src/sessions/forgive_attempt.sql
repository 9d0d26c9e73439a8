-- The attempt that was counted succeeded. An account starts anew; an address gets back the one. $1 kinds, $2 what stands for
-- account and address.
update touchline.sign_in_attempts a
   set failed = case when a.kind = 'account' then 0 else greatest(a.failed - 1, 0) end
  from unnest($1::text[], $2::bytea[]) as asked (kind, sha256)
 where a.kind = asked.kind
   and a.sha256 = asked.sha256
