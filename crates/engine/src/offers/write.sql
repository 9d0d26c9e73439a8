-- Makes an offer, or changes one. $1 id, $2 name, $3 type, $4 lowest and $5 highest price, $6 industries, $7 value
-- proposition, $8 archived at, $9 who made it, $10 now
insert into offers as o (
  id, offer_name, offer_type, price_min, price_max, target_industries, value_proposition, archived_at, created_by, created_at, updated_at
)
values ($1, $2, $3, $4::text::numeric, $5::text::numeric, $6, $7, $8::timestamptz, $9, $10, $10)
    on conflict (id) do update
   set offer_name = excluded.offer_name,
       offer_type = excluded.offer_type,
       price_min = excluded.price_min,
       price_max = excluded.price_max,
       target_industries = excluded.target_industries,
       value_proposition = excluded.value_proposition,
       archived_at = excluded.archived_at,
       updated_at = excluded.updated_at
 where (o.offer_name, o.offer_type, o.price_min, o.price_max, o.target_industries, o.value_proposition, o.archived_at)
       is distinct from
       (excluded.offer_name, excluded.offer_type, excluded.price_min, excluded.price_max, excluded.target_industries,
        excluded.value_proposition, excluded.archived_at)
