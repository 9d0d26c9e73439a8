-- A person's word that somebody must not be contacted: on the list, on the timeline of who is known, and a stop where it
-- holds for every channel. Locks them, as a send does. The same again adds nothing; one that was lifted holds again.
-- $1 id, $2 lead, $3 company, $4 kind and $5 address, $6 channel, $7 reason, $8 scope, $9 note, $10 who, $11 now
with key as (
  select concat_ws(':', 'manual', coalesce($4::text || ':' || $5::text, 'lead:' || $2::uuid), $6::text, $7::text, $8::text) as natural_key
),
locked as materialized (
  select l.id
    from leads l
   where l.id = $2
      or l.company_id = $3::uuid
      or $4 = 'domain'
     and l.company_id in (select c.id from companies c where c.company_domain = $5)
   order by l.id
     for no key update
),
known as (
  select s.id
    from suppressions s
    join key using (natural_key)
   where s.lifted_at is null
),
told as (
  insert into events (
    id, event_source, event_type, lead_id, event_timestamp, note_text, stops, performed_by, natural_key, contact_kind, contact_address,
    observed_at, created_at, updated_at
  )
  select gen_random_uuid(),
         'manual',
         'suppressed',
         $2,
         $11::timestamptz,
         concat_ws(': ', replace($7, '_', ' '), $9::text),
         case when $6 = 'all' then true end,
         $10::uuid,
         'manual:suppression:' || $1::uuid,
         coalesce(nullif($4, 'domain'), 'email'),
         case when $4 <> 'domain' then $5 end,
         $11,
         $11,
         $11
   where $2 is not null
     and not exists (select from known)
  returning id
),
added as (
  insert into suppressions as s (
    id, lead_id, company_id, contact_kind, contact_address, channel, reason, scope, evidence_event_id, note, source, performed_by,
    natural_key, suppressed_at, created_at, updated_at
  )
  select $1,
         $2,
         coalesce($3, (select c.id from companies c where $4 = 'domain' and c.company_domain = $5)),
         $4,
         $5,
         $6,
         $7,
         $8,
         (select id from told),
         $9,
         'manual',
         $10,
         key.natural_key,
         $11,
         $11,
         $11
    from key
   where not exists (select from known)
     and (select count(*) from locked) >= 0
      on conflict (natural_key) do update
     set lead_id = excluded.lead_id,
         company_id = excluded.company_id,
         evidence_event_id = excluded.evidence_event_id,
         note = excluded.note,
         performed_by = excluded.performed_by,
         suppressed_at = excluded.suppressed_at,
         lifted_at = null,
         lifted_by = null,
         lifted_why = null,
         updated_at = $11
  returning s.id
)
select id from added
union all
select id from known
