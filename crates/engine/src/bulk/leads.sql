-- Whom an action was about. $1 action, $2 the last lead of the page before, $3 how many
select b.lead_id,
       coalesce(nullif(concat_ws(' ', l.first_name, l.last_name), ''), l.email, l.phone) as who,
       b.verdict,
       b.why
  from touchline.bulk_leads b
  join leads l on l.id = b.lead_id
 where b.action_id = $1
   and ($2::uuid is null or b.lead_id > $2)
 order by b.lead_id
 limit $3
