-- What a team would have set up around the mirrored campaigns: an offer for each, and the channels beside the mail.
-- Once: what people change afterwards stays. $1 now
with wanted (place, offer_name, offer_type, price_min, price_max, target_industries, value_proposition) as (
  values (1, 'Dispatch planning', 'subscription', 490, 1900, array['Logistics', 'Wholesale', 'Trading'],
          'The week planned by Monday noon, with last week''s real times instead of guesses.'),
         (2, 'Plan check', 'consulting', 2400, 4800, array['Construction', 'Machinery', 'Metal'],
          'Two days on site, and a plan that holds until Friday.'),
         (3, 'Driver app', 'product', 9, 19, array['Food', 'Cold storage', 'Shipping'],
          'What to load, where, when: in the driver''s language, also without a network.')
),
made as (
  insert into offers (offer_name, offer_type, price_min, price_max, target_industries, value_proposition, created_at, updated_at)
  select w.offer_name, w.offer_type, w.price_min, w.price_max, w.target_industries, w.value_proposition, $1, $1
    from wanted w
   where not exists (select from offers)
  returning id, offer_name
),
numbered as (
  select id,
         row_number() over (order by created_at, instantly_campaign_id) as place
    from campaigns
   where instantly_campaign_id is not null
     and campaign_status <> 'draft'
)
update campaigns c
   set offer_id = made.id,
       uses_linkedin = true,
       uses_calls = n.place <> 3,
       vapi_campaign_id = case when n.place = 1 then $2 end,
       updated_at = $1
  from numbered n
  join wanted w on w.place = n.place
  join made on made.offer_name = w.offer_name
 where c.id = n.id
