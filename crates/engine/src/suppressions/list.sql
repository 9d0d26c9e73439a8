-- A page of suppressions, newest first. $1 whether somebody is named: $2 their lead, $3 kind and $4 address; $5 channel,
-- $6 reason, $7 lifted ones, too, $8 and $9 the last row of the page before, $10 how many
select s.*,
       nullif(concat_ws(' ', l.first_name, l.last_name), '') as full_name,
       coalesce(c.company_name, c.company_domain) as company_name
  from suppressions s
  left join leads l on l.id = s.lead_id
  left join companies c on c.id = s.company_id
 where (not $1::boolean
        or s.lead_id = $2::uuid
        or s.contact_kind = $3::text and s.contact_address = $4::text
        or exists (
             select from lead_identities i
              where i.lead_id = $2
                and i.identity_kind = s.contact_kind
                and i.identity_value = s.contact_address
           ))
   and ($5::text is null or s.channel in ('all', $5))
   and ($6::text is null or s.reason = $6)
   and ($7::boolean or s.lifted_at is null)
   and ($8::timestamptz is null or (s.suppressed_at, s.id) < ($8, $9::uuid))
 order by s.suppressed_at desc, s.id desc
 limit $10
