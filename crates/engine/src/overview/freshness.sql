-- How far each source reaches: pulled streams by their receipts, webhooks by their last delivery.
select source,
       max(walked_to_end_at) as walked_to_end_at,
       bool_or(last_state = 'running') as running,
       bool_or(last_state = 'failed' and last_missing_scope is null) as failed,
       bool_or(walk_under_way and walked_to_end_at is null) as filling
  from raw_streams
 group by source
 order by source
