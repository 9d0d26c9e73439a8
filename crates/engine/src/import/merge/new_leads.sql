-- People nobody had before. Their original columns are the row of the part. $1 the part that brought them, $2 now
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
       case when p.other_emails is null then e.item else e.item || jsonb_build_object('_emails', p.other_emails) end,
       $2,
       $2
  from csv_imports_raw r
 cross join jsonb_array_elements(r.raw_data) with ordinality as e (item, position)
  join import_people p on p.position = e.position
 where r.id = $1
   and p.is_new
