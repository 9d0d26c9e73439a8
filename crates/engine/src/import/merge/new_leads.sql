-- People nobody had before. Their original columns are the row of the part, which is read once: unpacked in a subquery of
-- its own, and each row cut out of it by its position. $1 the part that brought them, $2 now, $3 positions from 1,
-- $4 further addresses, from $5 a column each
insert into leads (
  id, first_name, last_name, email, job_title, seniority, phone, linkedin_url, company_id, csv_import_id, apollo_data,
  created_at, updated_at
)
select p.lead_id,
       p.first_name,
       p.last_name,
       p.email,
       p.job_title,
       p.seniority,
       p.phone,
       p.linkedin_url,
       p.company_id,
       $1,
       case when p.other_emails is null then p.item else p.item || jsonb_build_object('_emails', p.other_emails) end,
       $2,
       $2
  from (
    select raw_data #> '{}' as rows
      from csv_imports_raw
     where id = $1
    offset 0
  ) part
 cross join lateral (
    select *,
           part.rows -> (position - 1) as item
      from unnest($3::integer[], $4::jsonb[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::uuid[])
        as person (position, other_emails, lead_id, first_name, last_name, email, job_title, seniority, phone, linkedin_url, company_id)
    offset 0
  ) p
