t.step_key is not null
and exists (
  select from touchline.subjects s
   where s.source = 'instantly'
     and s.stream = 'step_analytics'
     and s.subject = t.instantly_campaign_id
     and s.done_at >= $2
)
