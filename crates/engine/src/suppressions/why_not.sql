-- Why a person must not be touched, the weightier reasons first. $1 lead, $2 channel (null: any)
select distinct on (s.kind, s.reason, s.channel)
       s.channel,
       s.kind,
       s.reason,
       coalesce(r.words, replace(s.reason, '_', ' ')) as words,
       s.since,
       s.suppression_id,
       s.event_id,
       s.note
  from lead_stops s
  left join touchline.stop_rules r using (reason)
 where s.lead_id = $1
   and ($2::text is null or s.channel in ('all', $2))
 order by s.kind desc, s.reason, s.channel, s.since
