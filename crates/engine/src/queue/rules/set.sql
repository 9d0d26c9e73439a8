-- Sets one rule. $1 campaign (null: the default), $2 channel, $3 which rule, $4 a number, $5 and $6 hours, $7 weekdays (all
-- null: as the default has it), $8 who, $9 now
insert into campaign_rules as r (
  campaign_id, channel, after_days, between_days, max_attempts, daily_limit, opens_at, closes_at, weekdays, updated_by, created_at, updated_at
)
values (
  $1::uuid,
  $2::text,
  case when $3::text = 'after_days' then $4::integer end,
  case when $3 = 'between_days' then $4 end,
  case when $3 = 'max_attempts' then $4 end,
  case when $3 = 'daily_limit' then $4 end,
  $5::time,
  $6::time,
  $7::smallint[],
  $8::uuid,
  $9::timestamptz,
  $9
)
    on conflict (coalesce(campaign_id, '00000000-0000-0000-0000-000000000000'), channel) do update
   set after_days = case when $3 = 'after_days' then $4 else r.after_days end,
       between_days = case when $3 = 'between_days' then $4 else r.between_days end,
       max_attempts = case when $3 = 'max_attempts' then $4 else r.max_attempts end,
       daily_limit = case when $3 = 'daily_limit' then $4 else r.daily_limit end,
       opens_at = case when $3 = 'hours' then $5 else r.opens_at end,
       closes_at = case when $3 = 'hours' then $6 else r.closes_at end,
       weekdays = case when $3 = 'weekdays' then $7 else r.weekdays end,
       updated_by = $8,
       updated_at = $9
