-- Who is known by these keys. Addresses typed into leads count too; the oldest lead of an address has it.
-- $1 addresses, $2 LinkedIn profiles, $3 phones with names
select identity_kind, identity_value, lead_id, true as is_kept
  from lead_identities
 where identity_kind = 'email' and identity_value = any ($1)
union all
select identity_kind, identity_value, lead_id, true
  from lead_identities
 where identity_kind = 'linkedin' and identity_value = any ($2)
union all
select identity_kind, identity_value, lead_id, true
  from lead_identities
 where identity_kind = 'phone' and identity_value = any ($3)
   -- none, as a rule: a plan that reads all numbers would do it for nothing
   and cardinality($3::text[]) > 0
union all
(
  select distinct on (lower(l.email)) 'email', lower(l.email), l.id, false
    from leads l
   where lower(l.email) = any ($1)
     -- asked address by address: no plan may read all identities for a few rows
     and (
       select i.lead_id
         from lead_identities i
        where i.identity_kind = 'email'
          and i.identity_value = lower(l.email)
     ) is null
   order by lower(l.email), l.created_at, l.id
)
