-- Actions on many, newest first. $1 only this one (null: all), $2 and $3 the last of the page before, $4 how many
select a.*,
       c.campaign_name,
       nullif(coalesce(u.full_name, u.email), '') as performed_by_name,
       (
         select coalesce(json_object_agg(coalesce(t.verdict, 'none'), t.leads order by t.verdict), '{}')
           from (
                  select b.verdict,
                         count(*) as leads
                    from touchline.bulk_leads b
                   where b.action_id = a.id
                   group by b.verdict
                ) t
       )::text as verdicts
  from touchline.bulk_actions a
  left join campaigns c on c.id = a.campaign_id
  left join users u on u.id = a.performed_by
 where ($1::uuid is null or a.id = $1)
   and ($2::timestamptz is null or (a.performed_at, a.id) < ($2, $3::uuid))
 order by a.performed_at desc, a.id desc
 limit $4
