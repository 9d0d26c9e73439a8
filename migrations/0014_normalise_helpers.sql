-- What the normalise steps share. `derived` on a row holds what normalisation last wrote; a column that still has
-- that value follows the vendor, one that has another was edited and is left alone.
create index if not exists instantly_leads_raw_lead_domain_idx on instantly_leads_raw (lead_domain);

create function touchline.follows(derived jsonb, column_name text, current_value text, untouched_value text)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select case
           when derived ? column_name then current_value is not distinct from derived ->> column_name
           else current_value is null or current_value = untouched_value
         end
$$;
comment on function touchline.follows(jsonb, text, text, text) is 'True where normalisation may write a column: it holds what was written last, or nothing yet.';
revoke all on function touchline.follows(jsonb, text, text, text) from public;

create function touchline.instant_text(instant timestamptz)
returns text
language sql
immutable
set search_path = ''
as $$
  select to_char(instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
comment on function touchline.instant_text(timestamptz) is 'An instant as text that does not depend on the session.';
revoke all on function touchline.instant_text(timestamptz) from public;

-- A vendor's instant, whatever stands there: one bad value must not stop the others.
create function touchline.instant(value text)
returns timestamptz
language plpgsql
immutable
set search_path = ''
-- without a zone it is UTC
set timezone = 'UTC'
as $$
begin
  -- Years of this trade, written as ISO 8601; PostgreSQL reads much else ('now', 'infinity') as an instant, too.
  if value !~ '^20[0-9]{2}-[0-9]{2}-[0-9]{2}([T ]|$)' then
    return null;
  end if;
  return value::timestamptz;
exception when others then
  return null;
end
$$;
comment on function touchline.instant(text) is 'An instant as a vendor wrote it; null where it is none.';
revoke all on function touchline.instant(text) from public;

-- Blank text is no text.
create function touchline.filled(value text)
returns text
language sql
immutable
set search_path = ''
as $$
  select nullif(btrim(value), '')
$$;
comment on function touchline.filled(text) is 'The text without blanks around it; null where nothing is left.';
revoke all on function touchline.filled(text) from public;

-- Events that were made by hand for messages we hold get the key of the message, so that the first sync finds them
-- again instead of adding a second row for the same touch.
update events e
   set natural_key = 'instantly:email:' || first.instantly_email_id
  from (
    select distinct on (e.instantly_email_id)
           e.id,
           e.instantly_email_id
      from events e
      join instantly_emails_raw m using (instantly_email_id)
     where e.event_source = 'instantly'
       and e.event_type in ('email_sent', 'email_replied')
       and e.natural_key is null
     order by e.instantly_email_id, e.created_at, e.id
  ) first
 where e.id = first.id
   and not exists (
     select from events other
      where other.natural_key = 'instantly:email:' || first.instantly_email_id
   );
