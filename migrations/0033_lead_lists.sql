-- 033 Lists of leads: when each was last touched and last answered, and indexes for filters, orders and search, so that a
-- list of a million opens like one of a hundred. Views: names for addresses of lists.

create table touchline.lead_activity (
  lead_id         uuid constraint lead_activity_pkey primary key,
  last_touch_at   timestamptz not null,
  last_answer_at  timestamptz
);
create index lead_activity_last_touch_idx on touchline.lead_activity (last_touch_at desc, lead_id desc);
comment on table touchline.lead_activity is 'When a lead was last touched and last answered: a sum of events, kept by triggers, so that lists can be ordered by it. No row: never touched.';
comment on column touchline.lead_activity.lead_id is 'Person; no foreign key, so that events and sends do not wait for each other.';
comment on column touchline.lead_activity.last_touch_at is 'Latest touch, ours or theirs; opens, clicks and changes of status are none.';
comment on column touchline.lead_activity.last_answer_at is 'Latest word of theirs by a person, not by a machine; null: none yet.';

create function touchline.is_touch(event_type text)
returns boolean
language sql
immutable
as $$
  select event_type not in ('email_opened', 'email_clicked', 'email_auto_replied', 'status_changed', 'interest_changed', 'profile_viewed')
$$;
comment on function touchline.is_touch(text) is 'Whether an event is a touch, ours or theirs, rather than a trace of one.';
revoke all on function touchline.is_touch(text) from public;

create function touchline.is_answer(event_type text, call_outcome text)
returns boolean
language sql
immutable
as $$
  select event_type in ('email_replied', 'email_received', 'message_replied')
      or event_type = 'call_completed' and coalesce(call_outcome, '') not in ('voicemail', 'no_answer', 'busy', 'failed', 'wrong_number')
$$;
comment on function touchline.is_answer(text, text) is 'Whether an event is a word of theirs by a person.';
revoke all on function touchline.is_answer(text, text) from public;

-- New events only ever move a lead forward.
create function touchline.note_new_activity()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into touchline.lead_activity as a (lead_id, last_touch_at, last_answer_at)
  select n.lead_id,
         max(n.event_timestamp),
         max(n.event_timestamp) filter (where touchline.is_answer(n.event_type, n.call_outcome))
    from new_events n
   where n.lead_id is not null
     and n.withdrawn_at is null
     and touchline.is_touch(n.event_type)
   group by n.lead_id
   order by n.lead_id
  on conflict (lead_id) do update
        set last_touch_at = greatest(a.last_touch_at, excluded.last_touch_at),
            last_answer_at = greatest(a.last_answer_at, excluded.last_answer_at)
      where a.last_touch_at < excluded.last_touch_at
         or a.last_answer_at is distinct from greatest(a.last_answer_at, excluded.last_answer_at);
  return null;
end
$$;
comment on function touchline.note_new_activity() is 'Moves the leads of new events forward.';
revoke all on function touchline.note_new_activity() from public;

-- The schema of the workspace is found through the table that the trigger stands on.
create function touchline.note_other_activity()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  changed uuid[];
begin
  if tg_op = 'DELETE' then
    select array_agg(distinct o.lead_id) into changed from old_events o where o.lead_id is not null;
  else
    select array_agg(distinct moved.lead_id) into changed
      from (
        select both_events.lead_id
          from (
            select o.id, o.lead_id, o.event_timestamp, o.event_type, o.call_outcome, o.withdrawn_at from old_events o
            union all
            select n.id, n.lead_id, n.event_timestamp, n.event_type, n.call_outcome, n.withdrawn_at from new_events n
          ) both_events
         where both_events.lead_id is not null
         group by both_events.lead_id, both_events.id, both_events.event_timestamp, both_events.event_type, both_events.call_outcome, both_events.withdrawn_at
        having count(*) = 1
      ) moved;
  end if;
  if changed is null then
    return null;
  end if;
  execute format(
    'with now_so as (
       select e.lead_id,
              max(e.event_timestamp) as last_touch_at,
              max(e.event_timestamp) filter (where touchline.is_answer(e.event_type, e.call_outcome)) as last_answer_at
         from %I.events e
        where e.lead_id = any($1)
          and e.withdrawn_at is null
          and touchline.is_touch(e.event_type)
        group by e.lead_id
     ), gone as (
       delete from touchline.lead_activity a
        where a.lead_id = any($1)
          and not exists (select from now_so where now_so.lead_id = a.lead_id)
     )
     insert into touchline.lead_activity as a (lead_id, last_touch_at, last_answer_at)
     select lead_id, last_touch_at, last_answer_at
       from now_so
      order by lead_id
     on conflict (lead_id) do update
           set last_touch_at = excluded.last_touch_at,
               last_answer_at = excluded.last_answer_at
         where (a.last_touch_at, a.last_answer_at) is distinct from (excluded.last_touch_at, excluded.last_answer_at)',
    tg_table_schema
  ) using changed;
  return null;
end
$$;
comment on function touchline.note_other_activity() is 'Works the leads of changed and deleted events out anew.';
revoke all on function touchline.note_other_activity() from public;

create trigger events_note_new_activity after insert on events
  referencing new table as new_events for each statement execute function touchline.note_new_activity();
create trigger events_note_gone_activity after delete on events
  referencing old table as old_events for each statement execute function touchline.note_other_activity();
create trigger events_note_changed_activity after update on events
  referencing old table as old_events new table as new_events for each statement execute function touchline.note_other_activity();

insert into touchline.lead_activity (lead_id, last_touch_at, last_answer_at)
select lead_id,
       max(event_timestamp),
       max(event_timestamp) filter (where touchline.is_answer(event_type, call_outcome))
  from events
 where lead_id is not null
   and withdrawn_at is null
   and touchline.is_touch(event_type)
 group by lead_id;

-- Orders
create index if not exists leads_created_at_idx on leads (created_at desc, id desc);
create index if not exists leads_name_order_idx on leads (lower(coalesce(last_name, first_name, email, '')), id);
-- Search by how a name, an address, a company begins
create index if not exists leads_first_name_search_idx on leads (lower(first_name) text_pattern_ops);
create index if not exists leads_last_name_search_idx on leads (lower(last_name) text_pattern_ops);
create index if not exists leads_email_search_idx on leads (lower(email) text_pattern_ops);
-- which answers equality, too
drop index if exists leads_lower_email_idx;
create index if not exists companies_name_search_idx on companies (lower(company_name) text_pattern_ops);
create index if not exists companies_domain_search_idx on companies (company_domain text_pattern_ops);
create index if not exists companies_name_order_idx on companies (lower(coalesce(company_name, company_domain, '')), id);

create table views (
  id          uuid constraint views_pkey primary key default gen_random_uuid(),
  view_name   text not null constraint views_view_name_check check (length(btrim(view_name)) between 1 and 80),
  page        text not null constraint views_page_check check (page in ('leads', 'companies', 'replies', 'queue')),
  query       text not null constraint views_query_check check (length(query) <= 2000),
  created_by  uuid constraint views_created_by_fkey references users (id) on delete set null,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  constraint views_page_name_key unique (page, view_name)
);
create index views_created_by_idx on views (created_by);
comment on table views is 'Names for addresses of lists. A view holds filters and order, never rows.';
comment on column views.id is 'Ours.';
comment on column views.view_name is 'Name people use for it; one of a page.';
comment on column views.page is 'Page it opens: leads, companies, replies, queue.';
comment on column views.query is 'What stands behind the question mark of the page''s address.';
comment on column views.created_by is 'Who made it; null: not known.';
comment on column views.created_at is 'When it was made.';
comment on column views.updated_at is 'When it was last renamed or changed.';
alter table views enable row level security;
