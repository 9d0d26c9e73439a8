-- Takes what has to be counted again off the list; it goes with this transaction. Where a bounce came or went, so do the
-- days of the mails that it may tell of.
with taken as (
  delete from touchline.funnel_changes
  returning campaign_id, changed_on, lead_id, bounced
)
insert into counted_again (campaign_id, changed_on, lead_id)
select campaign_id, changed_on, lead_id
  from taken
union
select sent.campaign_id, (sent.event_timestamp at time zone (select touchline.time_zone()))::date, sent.lead_id
  from taken
  join events sent using (lead_id)
 where taken.bounced
   and sent.event_type = 'email_sent'
   and sent.campaign_id is not distinct from taken.campaign_id
