-- A touch on its way out; the same key again is the same touch. $1 id, $2 lead, $3 campaign, $4 channel, $5 step,
-- $6 address, $7 key, $8 by hand, $9 now
insert into touchline.outbox as o (id, lead_id, campaign_id, channel, sequence_step, contact_address, dedup_key, by_hand, queued_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (channel, dedup_key) do update
   set queued_at = o.queued_at
returning o.id
