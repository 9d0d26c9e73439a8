exists (
  select from touchline.subjects s
   where s.source = 'instantly'
     and s.stream = 'daily_analytics'
     and s.subject = coalesce(t.instantly_campaign_id, '')
     and s.done_at >= $2
     and s.covered_from <= t.analytics_date
)
