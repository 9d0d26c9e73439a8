-- Changes a company. $1 id, $2 name, $3 industry, $4 size, $5 now
update companies c
   set company_name = $2,
       industry = $3,
       company_size = $4,
       updated_at = $5
 where c.id = $1
   and (c.company_name, c.industry, c.company_size) is distinct from ($2, $3, $4)
