-- How many leads a list holds, up to a bound. $1 where counting stops. Filters are put in by `list.rs`, from closed sets.
select count(*) as found
  from (
    select
      from leads l
      left join touchline.lead_activity a on a.lead_id = l.id
     where true
/* filters */
     limit $1
  ) counted
