-- Reads an instant out of a payload. A date that no calendar has is no date: one such record must not stop the others.
create function touchline.instant(value text)
returns timestamptz
language sql
stable
set search_path = ''
as $$
  select case
           when value ~ ('^20[0-9]{2}-('
                         '(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])'
                         '|(0[13-9]|1[0-2])-(29|30)'
                         '|(0[13578]|1[02])-31'
                         ')[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?$')
             -- the last day of February, in years that have it
             or value ~ ('^20([02468][048]|[13579][26])-02-29'
                         '[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?$')
           -- without a zone it is UTC
           then (value || case when value ~ ':[0-9.]+$' and value !~ '[+-][0-9]{2}:?[0-9]{2}$' then 'Z' else '' end)::timestamptz
         end
$$;
comment on function touchline.instant(text) is 'The instant that a text of this century names (ISO 8601, UTC where it has no zone); null where it names none.';
revoke all on function touchline.instant(text) from public;
