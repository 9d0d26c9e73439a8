-- Companies of a domain, a name, or the beginning of an id. $1 domain, name or beginning
select id,
       coalesce(company_name, company_domain, '(no name)') as name
  from companies
 where company_domain = lower($1)
    or lower(company_name) = lower($1)
    or $1 ~ '^[0-9a-fA-F-]{4,36}$' and id::text like lower($1) || '%'
 order by company_domain = lower($1) desc nulls last, created_at desc
 limit 20
