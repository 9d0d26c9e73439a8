//! The record that makes a step fail, cornered: it is set aside, so that it blocks nobody.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

use super::{Share, Written, attempt};
use crate::{Error, Result};

/// Whether PostgreSQL refused a number of rows (21), a value (22), a constraint (23) or a size (54): repeating will not
/// help.
pub(super) fn is_about_data(error: &Error) -> bool {
    let Error::Database(sqlx::Error::Database(error)) = error else { return false };
    error.code().is_some_and(|code| ["21", "22", "23", "54"].iter().any(|class| code.starts_with(class)))
}

/// Works out the oldest entry of the list of changes by itself. If it fails, it becomes two, or, if it is of one record, a
/// row of `touchline.problems`. Where there is no entry, what went wrong was something else and comes back.
pub(super) async fn corner(pool: &PgPool, error: Error, now: Timestamp) -> Result<Vec<Written>> {
    let oldest = "select id, cardinality(record_keys) from touchline.changes order by id limit 1";
    let Some((entry, records)) = sqlx::query_as::<_, (i64, i32)>(oldest).fetch_optional(pool).await? else {
        return Err(error);
    };
    match attempt(pool, now, Share::Entry(entry)).await {
        Err(error) if is_about_data(&error) && records > 1 => halve(pool, entry).await?,
        Err(error) if is_about_data(&error) => {
            tracing::warn!(%error, "a record's meaning could not be worked out; it is set aside");
            give_up(pool, entry, &error, now).await?;
        }
        outcome => return outcome,
    }
    Ok(Vec::new())
}

async fn halve(pool: &PgPool, entry: i64) -> Result<()> {
    sqlx::query(include_str!("halve_change.sql")).bind(entry).execute(pool).await?;
    Ok(())
}

async fn give_up(pool: &PgPool, entry: i64, error: &Error, now: Timestamp) -> Result<()> {
    sqlx::query(include_str!("give_up_change.sql"))
        .bind(entry)
        .bind(error.to_string())
        .bind(now.to_sqlx())
        .execute(pool)
        .await?;
    Ok(())
}
