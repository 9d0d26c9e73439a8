-- A lead who is known by one address. The company is one that is here already. $1 kind, $2 address, $3 company domain
-- (null: none), $4 now
insert into leads (email, phone, linkedin_url, company_id, created_at, updated_at)
select case $1::text when 'email' then $2::text end,
       case $1 when 'phone' then $2 end,
       case $1 when 'linkedin' then 'https://www.linkedin.com/' || $2 end,
       (select c.id from companies c where c.company_domain = $3::text),
       $4::timestamptz,
       $4
returning id
