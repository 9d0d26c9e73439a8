-- 039 A suppressed number holds up whoever it would be dialled for, also where it is nobody's key: a list may bring it in another
-- spelling, and a number becomes a key only when it is called.
create function touchline.national_digits(value text)
returns text
language sql
immutable
set search_path = ''
as $$
  select ltrim(regexp_replace(value, '[^0-9]', '', 'g'), '0')
$$;
comment on function touchline.national_digits(text) is 'The digits of a phone number that names no country, without the zeros it is dialled with at home.';
revoke all on function touchline.national_digits(text) from public;

create or replace view lead_stops as
with holding as not materialized (
  select s.*
    from suppressions s
   where s.lifted_at is null
),
matched as (
  -- the person, or an address of theirs; one that is about an address only is looked at below
  select s.lead_id as of_lead, s.*
    from holding s
   where s.lead_id is not null
     and (s.scope <> 'address' or s.contact_address is null)
  union all
  select i.lead_id, s.*
    from holding s
    join lead_identities i
      on i.identity_kind = s.contact_kind
     and i.identity_value = s.contact_address
   where s.lead_id is distinct from i.lead_id
     and s.scope <> 'address'
  union all
  select l.id, s.*
    from holding s
    join leads l on lower(l.email) = s.contact_address
   where s.contact_kind = 'email'
     and s.lead_id is distinct from l.id
     and s.scope <> 'address'
     and not exists (
       select from lead_identities i
        where i.identity_kind = 'email'
          and i.identity_value = s.contact_address
          and i.lead_id = l.id
     )
  union all
  -- the number that would be dialled, however it is written: it need not be anybody's key. One that names no country is held
  -- up by every number that ends like it
  select l.id, s.*
    from holding s
    join leads l
      on right(translate(l.phone, E' ()-./+\'"\t\u00a0\u2010\u2011\u2012\u2013\u202f', ''), 7) = right(s.contact_address, 7)
     and case
           when touchline.phone(l.phone) is not null then touchline.phone(l.phone) = s.contact_address
           else length(touchline.national_digits(l.phone)) >= 8
            and right(s.contact_address, length(touchline.national_digits(l.phone))) = touchline.national_digits(l.phone)
         end
   where s.contact_kind = 'phone'
     and case
           -- a number that is not the person's may well be somebody else's
           when s.scope = 'address' then s.lead_id is null or s.lead_id = l.id
           else s.lead_id is distinct from l.id
         end
     and not exists (
       select from lead_identities i
        where i.identity_kind = 'phone'
          and i.identity_value = s.contact_address
          and i.lead_id = l.id
     )
  union all
  -- the address only: it holds the person up unless they have another that nothing is known against
  select i.lead_id, s.*
    from holding s
    join lead_identities i
      on i.identity_kind = s.contact_kind
     and i.identity_value = s.contact_address
   where s.scope = 'address'
     and not exists (
       select from lead_identities other
        where other.lead_id = i.lead_id
          and other.identity_kind = s.contact_kind
          and other.identity_value <> s.contact_address
          and not exists (
            select from suppressions against
             where against.contact_kind = other.identity_kind
               and against.contact_address = other.identity_value
               and against.lifted_at is null
          )
     )
  union all
  -- everybody of a company: by the company, by its domain, by the domain of the person's own address
  select l.id, s.*
    from holding s
    join leads l on l.company_id = s.company_id
   where s.scope = 'company'
     and s.lead_id is distinct from l.id
  union all
  select l.id, s.*
    from holding s
    join companies c on c.company_domain = s.contact_address
    join leads l on l.company_id = c.id
   where s.contact_kind = 'domain'
     and s.lead_id is distinct from l.id
  union all
  select i.lead_id, s.*
    from holding s
    join lead_identities i
      on i.identity_kind = 'email'
     and split_part(i.identity_value, '@', 2) = s.contact_address
   where s.contact_kind = 'domain'
     and s.lead_id is distinct from i.lead_id
)
select m.of_lead as lead_id,
       m.channel,
       'suppressed' as kind,
       m.reason,
       m.suppressed_at as since,
       m.id as suppression_id,
       m.evidence_event_id as event_id,
       m.note
  from matched m
union all
select s.lead_id,
       s.channel,
       'stopped',
       s.reason,
       s.since,
       null,
       s.event_id,
       null
  from touchline.stops s
 where s.ended_at is null;

-- replacing a view forgets it
do $$
begin
  if current_setting('server_version_num')::integer >= 150000 then
    alter view lead_stops set (security_invoker = true);
  end if;
end
$$;
