-- Companies, latest first, one page by keyset. $1 words in name or domain, $2 industry (null: all), $3 only this one, $4 and $5
-- last row of the page before, $6 how many
select c.id,
       c.company_name,
       c.company_domain,
       c.industry,
       c.company_size,
       c.first_seen_in_csv_id,
       c.created_at,
       c.updated_at,
       (select count(*) from (select from leads l where l.company_id = c.id limit 1000) counted) as people,
       touched.last_touched_at
  from companies c
  left join lateral (
    select max(a.last_touch_at) as last_touched_at
      from (select l.id from leads l where l.company_id = c.id limit 1000) person
      join touchline.lead_activity a on a.lead_id = person.id
  ) touched on true
 where ($3::uuid is null or c.id = $3)
   and ($1::text is null or c.company_name ilike '%' || $1 || '%' or c.company_domain ilike '%' || $1 || '%')
   and ($2::text is null or c.industry = $2)
   and ($4::timestamptz is null or (c.created_at, c.id) < ($4, $5::uuid))
 order by c.created_at desc, c.id desc
 limit $6
