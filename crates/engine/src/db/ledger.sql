-- What this database has been given so far. Made by the runner, before any migration.
create schema if not exists touchline;
revoke all on schema touchline from public;

create table if not exists touchline.migrations (
  version     integer primary key,
  name        text not null,
  sha256      bytea not null,
  how         text not null constraint migrations_how_check check (how in ('applied', 'adopted')),
  applied_at  timestamptz not null default now()
);
comment on table touchline.migrations is 'Migrations this database has, one row each. Written only by touchline migrate.';
comment on column touchline.migrations.version is 'Number of the migration; they are applied in this order.';
comment on column touchline.migrations.name is 'Its file name without .sql.';
comment on column touchline.migrations.sha256 is 'SHA-256 of the file as it was applied.';
comment on column touchline.migrations.how is 'applied: its file made the tables; adopted: at least one of its tables had been made by hand and was brought into line.';
comment on column touchline.migrations.applied_at is 'When.';
