-- Asks for work, or finds it asked for. $1 id, $2 kind, $3 subject, $4 arguments, $5 by whom, $6 now
insert into touchline.jobs as j (id, kind, subject, arguments, asked_by, asked_at)
values ($1, $2, $3, $4, $5, $6)
    on conflict (kind, subject) where state in ('waiting', 'running') do update
   set kind = j.kind
returning *
