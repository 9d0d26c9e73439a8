-- Takes what has to be counted again off the list; it goes with this transaction.
with taken as (
  delete from touchline.funnel_changes
  returning campaign_id, changed_on, lead_id
)
insert into counted_again (campaign_id, changed_on, lead_id)
select distinct campaign_id, changed_on, lead_id
  from taken
