-- That somebody goes on, on their timeline. $1 id, $2 lead, $3 campaign (null: all), $4 why, $5 who, $6 now
insert into events (
  id, event_source, event_type, lead_id, campaign_id, event_timestamp, note_text, performed_by, natural_key, observed_at, created_at, updated_at
)
values ($1, 'manual', 'resumed', $2, $3, $6, $4, $5, 'manual:' || $1::uuid, $6, $6, $6)
