-- Sets the tombstone of records; their last payload stays where it is. $1 keys, $2 now
update {table} t
   set gone_at = $2,
       updated_at = $2
 where {key} = any ($1)
   and t.gone_at is null
