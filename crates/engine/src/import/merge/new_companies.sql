-- Companies nobody had before. $1 the part that brought them, $2 now
insert into companies (
  id, company_name, company_domain, industry, company_size, apollo_data, first_seen_in_csv_id, created_at, updated_at
)
select company_id,
       company_name,
       company_domain,
       industry,
       company_size,
       apollo_data,
       $1,
       $2,
       $2
  from import_companies
 where is_new
