-- Offers, newest first, one page by keyset. $1 words in the name, $2 type (null: all), $3 archived ones instead, $4 only this
-- one, $5 and $6 last row of the page before, $7 how many
select o.id,
       o.offer_name,
       o.offer_type,
       o.price_min::text as price_min,
       o.price_max::text as price_max,
       coalesce(o.target_industries, '{}') as target_industries,
       o.value_proposition,
       o.created_by,
       o.archived_at,
       o.created_at,
       o.updated_at,
       (select count(*) from campaigns c where c.offer_id = o.id) as campaigns
  from offers o
 where case when $4::uuid is not null then o.id = $4 else (o.archived_at is not null) = $3::boolean end
   and ($1::text is null or o.offer_name ilike '%' || $1 || '%')
   and ($2::text is null or o.offer_type = $2)
   and ($5::timestamptz is null or (o.created_at, o.id) < ($5, $6::uuid))
 order by o.created_at desc, o.id desc
 limit $7
