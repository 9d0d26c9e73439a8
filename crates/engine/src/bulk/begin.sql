-- Notes that something is done to many. $1 id, $2 action, $3 campaign, $4 status, $5 channel, $6 reason, $7 note, $8 filter,
-- $9 who, $10 now
insert into touchline.bulk_actions (id, action, campaign_id, lead_status, channel, reason, note, filter, performed_by, performed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
