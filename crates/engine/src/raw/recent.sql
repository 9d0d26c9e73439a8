-- Records of a raw table that changed lately, latest first; among the last twenty thousand changes of all tables, so that
-- nothing long is walked. $1 raw table, $2 how many
select record_key,
       max(valid_to) as changed_at,
       count(*) as changes
  from (
    select raw_table,
           record_key,
           valid_to
      from raw_history
     order by id desc
     limit 20000
  ) latest
 where raw_table = $1
 group by record_key
 order by changed_at desc, record_key
 limit $2
