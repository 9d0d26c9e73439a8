-- Which companies are here. $1 domains, $2 names of companies without one
select id, company_domain, company_name
  from companies
 where company_domain = any ($1)
union all
(
  select distinct on (lower(btrim(company_name))) id, company_domain, company_name
    from companies
   where company_domain is null
     and md5(lower(btrim(company_name))) in (select md5(lower(btrim(name))) from unnest($2::text[]) as n (name))
   order by lower(btrim(company_name)), created_at, id
)
