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
        .flat_map(|migration| {
            let openings = ["create table ", "create or replace view ", "create view "];
            [tables(migration), openings.map(|opening| names(migration, opening)).concat()].concat()
        })
        .collect()
}

/// Every function of ours in the workspace's schema.
pub(super) fn functions() -> Vec<&'static str> {
    let openings = ["create or replace function ", "create function "];
    MIGRATIONS
        .iter()
        .flat_map(|migration| openings.map(|opening| names(migration, opening)).concat())
        .collect()
}

fn names(migration: &Migration, opening: &str) -> Vec<&'static str> {
    migration
        .sql
        .lines()
        .filter_map(|line| line.strip_prefix(opening))
        .map(|rest| rest.split([' ', '(']).next().unwrap_or(rest))
        // `create table if` is `create table if not exists`, read by its own opening.
        .filter(|name| !name.contains('.') && *name != "if")
        .collect()
}
