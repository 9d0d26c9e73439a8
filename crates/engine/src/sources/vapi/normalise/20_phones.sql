-- Numbers that were called, and those of touches that wait for their person → identities: a number that one lead has,
-- and no other, stands for that lead. Where several have it, it stands for nobody, and what it stood for is taken back;
-- a person's word stays. $1 now
with numbers as materialized (
  select c.customer_number as phone
    from changed
    join vapi_calls_raw c on c.vapi_call_id = changed.record_key
   where changed.raw_table = 'vapi_calls_raw'
  union
  select m.customer_number
    from changed
    join vapi_messages_raw m on m.message_key = changed.record_key
   where changed.raw_table = 'vapi_messages_raw'
  union
  select contact_address
    from events
   where lead_id is null
     and contact_kind = 'phone'
),
owners as materialized (
  select n.phone,
         (array_agg(l.id order by l.id))[1] as lead_id,
         count(l.id) as leads
    from numbers n
    left join leads l
      -- the index finds few by the end of their number; the function says which of them it is
      on right(translate(l.phone, E' ()-./+\'"\t\u00a0\u2010\u2011\u2012\u2013\u202f', ''), 7) = right(n.phone, 7)
     and touchline.phone(l.phone) = n.phone
   where n.phone is not null
   group by n.phone
),
taken_back as (
  delete from lead_identities i
   using owners o
   where i.identity_kind = 'phone'
     and i.identity_value = o.phone
     and i.derived
     and (o.leads <> 1 or i.lead_id <> o.lead_id)
  returning i.identity_value
),
learned as (
  insert into lead_identities (identity_kind, identity_value, lead_id, derived, created_at)
  select 'phone',
         phone,
         lead_id,
         true,
         $1
    from owners
   where leads = 1
      on conflict (identity_kind, identity_value) do nothing
  returning identity_value
)
select identity_value from taken_back
union all
select identity_value from learned
