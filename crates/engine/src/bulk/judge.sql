-- What became of each. $1 action, $2 leads, $3 verdicts, $4 why
update touchline.bulk_leads b
   set verdict = v.verdict,
       why = v.why
  from unnest($2::uuid[], $3::text[], $4::text[]) as v (lead_id, verdict, why)
 where b.action_id = $1
   and b.lead_id = v.lead_id
