-- A touch that a person logged. Without a campaign it belongs to the only one that it can be: the only running one of
-- the person, else the only one of them that uses the channel. $1 id, $2 event_type, $3 lead, $4 campaign, $5 channel
-- (null: any), $6 when, $7 kind of address, $8 words, $9 outcome, $10 interest, $11 stops everything, $12 follow-up,
-- $13 who, $14 now
with running as (
  select c.id,
         $5::text is null
         or case $5 when 'call' then c.uses_calls when 'linkedin' then c.uses_linkedin else c.uses_email end as fits
    from campaign_leads m
    join campaigns c on c.id = m.campaign_id
   where m.lead_id = $3
     and c.campaign_status in ('draft', 'active', 'paused')
),
address as (
  select i.identity_value
    from lead_identities i
   where i.lead_id = $3
     and i.identity_kind = $7
   order by i.created_at, i.identity_value
   limit 1
)
insert into events (
  id, event_source, event_type, lead_id, campaign_id, event_timestamp, email_body, linkedin_message_text, note_text,
  call_outcome, interest_status, stops, follow_up_at, performed_by, natural_key, contact_kind, contact_address,
  observed_at, created_at, updated_at
)
select $1::uuid,
       'manual',
       $2::text,
       $3::uuid,
       coalesce(
         $4::uuid,
         case (select count(*) from running) when 1 then (select id from running) end,
         case (select count(*) from running where fits) when 1 then (select id from running where fits) end
       ),
       $6::timestamptz,
       case when $2 like 'email\_%' then $8::text end,
       case when $2 like 'message\_%' then $8 end,
       case when $2 not like 'email\_%' and $2 not like 'message\_%' then $8 end,
       $9::text,
       $10::integer,
       $11::boolean,
       $12::timestamptz,
       $13::uuid,
       'manual:' || $1,
       $7::text,
       coalesce((select identity_value from address), case $7 when 'email' then (select lower(l.email) from leads l where l.id = $3) end),
       $14::timestamptz,
       $14,
       $14
