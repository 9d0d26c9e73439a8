//! Finds the record that makes a step fail, and sets it aside, so that it blocks nobody: the list of changes is worked
//! out entry by entry, and an entry that fails is halved until one record is left.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

use super::{Written, attempt};
use crate::{Error, Result};

/// Whether PostgreSQL refused a number of rows (21), a value (22), a constraint (23) or a size (54): repeating will not
/// help.
pub(super) fn is_about_data(error: &Error) -> bool {
    let Error::Database(sqlx::Error::Database(error)) = error else { return false };
    error.code().is_some_and(|code| ["21", "22", "23", "54"].iter().any(|class| code.starts_with(class)))
}

/// Works the list out entry by entry; what cannot be worked out ends up in `touchline.problems`.
pub(super) async fn set_aside(pool: &PgPool, now: Timestamp) -> Result<Vec<Written>> {
    let mut written = Vec::new();
    while let Some((entry, records)) = next(pool).await? {
        match attempt(pool, now, Some(entry)).await {
            Ok(some) => written.extend(some),
            Err(error) if is_about_data(&error) && records > 1 => halve(pool, entry).await?,
            Err(error) if is_about_data(&error) => {
                tracing::warn!(%error, "a record's meaning could not be worked out; it is set aside");
                give_up(pool, entry, &error, now).await?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(written)
}

async fn next(pool: &PgPool) -> Result<Option<(i64, i32)>> {
    let next = "select id, cardinality(record_keys) from touchline.changes order by id limit 1";
    Ok(sqlx::query_as(next).fetch_optional(pool).await?)
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
