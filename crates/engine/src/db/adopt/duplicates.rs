//! Rows that share a key they should not: named, with their ids, so that a person can settle which one stays.

use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    catalog::{Index, Table},
    refusal::Refusal,
};
use crate::Result;

/// How many values a refusal names, and how many ids for each.
const NAMED: usize = 10;
const IDS: i32 = 5;

/// Refuses where rows of `live` break the key `wanted`.
pub(super) async fn find(
    connection: &mut PgConnection,
    live: &Table,
    wanted: &Index,
) -> Result<Option<Refusal>> {
    let (table, keys) = (&live.name, wanted.keys.join(", "));
    let only = wanted.predicate.as_deref().unwrap_or("true");
    // Nulls are no duplicates of each other.
    let filled: Vec<_> = wanted.keys.iter().map(|key| format!("({key}) is not null")).collect();
    let filled = filled.join(" and ");
    let shown: Vec<_> = wanted.keys.iter().map(|key| format!("({key})::text")).collect();
    let id = row_name(live);
    let sql = format!(
        "select concat_ws(', ', {}), count(*), (array_agg({id} order by {id}))[1:{IDS}]
           from {table}
          where {only} and {filled}
          group by {keys}
         having count(*) > 1
          order by count(*) desc, 1",
        shown.join(", ")
    );
    let found: Vec<(String, i64, Vec<String>)> =
        sqlx::query_as(AssertSqlSafe(sql)).fetch_all(connection).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let values: Vec<_> = found
        .iter()
        .take(NAMED)
        .map(|(value, rows, ids)| {
            let more = if *rows > i64::from(IDS) { ", …" } else { "" };
            format!("\n    {value}: {rows} rows, ids {}{more}", ids.join(", "))
        })
        .collect();
    let more = found.len().saturating_sub(NAMED);
    let more = if more > 0 { format!("\n    … and {more} more") } else { String::new() };
    let scope = wanted.predicate.as_ref().map_or(String::new(), |predicate| format!(" where {predicate}"));
    Ok(Some(Refusal::new(
        format!("{table} ({keys})"),
        format!(
            "must be unique{scope}, but {} values are there more than once:{}{more}",
            found.len(),
            values.concat()
        ),
        "decide which of these rows stays, point what refers to the others to it, and delete or change the others",
    )))
}

/// What names a row of the table to a person: its id, its primary key, or where it lies.
fn row_name(live: &Table) -> String {
    if live.column("id").is_some() {
        return "coalesce(id::text, ctid::text)".into();
    }
    match live.primary_key() {
        Some(key) => {
            let parts: Vec<_> = key.keys.iter().map(|key| format!("{key}::text")).collect();
            format!("concat_ws('|', {})", parts.join(", "))
        }
        None => "ctid::text".into(),
    }
}
