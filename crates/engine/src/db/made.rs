//! What the migration files make in the workspace's schema, by name: read off their own text, so that no second
//! list has to be kept.

use super::migrations::{MIGRATIONS, Migration};

/// Tables a file makes without naming a schema.
pub(super) fn tables(migration: &Migration) -> Vec<&'static str> {
    names(migration, "create table if not exists ")
}

/// Every table and view of ours in the workspace's schema.
pub(super) fn relations() -> Vec<&'static str> {
    MIGRATIONS
        .iter()
        .flat_map(|migration| [tables(migration), names(migration, "create or replace view ")].concat())
        .collect()
}

/// Every function of ours in the workspace's schema.
pub(super) fn functions() -> Vec<&'static str> {
    MIGRATIONS.iter().flat_map(|migration| names(migration, "create or replace function ")).collect()
}

fn names(migration: &Migration, opening: &str) -> Vec<&'static str> {
    migration
        .sql
        .lines()
        .filter_map(|line| line.strip_prefix(opening))
        .map(|rest| rest.split([' ', '(']).next().unwrap_or(rest))
        .filter(|name| !name.contains('.'))
        .collect()
}
