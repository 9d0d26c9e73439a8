//! Keeps something that needs a look; the same thing again only counts up.

use jiff::Timestamp;
use sqlx::PgConnection;

use super::at;
use crate::Result;

/// What needs a look, and where it came from.
pub(crate) struct Found<'a> {
    pub(crate) source: &'a str,
    pub(crate) stream: &'a str,
    pub(crate) kind: &'a str,
    /// Short, without personal data.
    pub(crate) detail: &'a str,
    pub(crate) payload: Option<&'a [u8]>,
    pub(crate) occurrences: i64,
}

pub(crate) async fn note(connection: &mut PgConnection, found: Found<'_>, now: Timestamp) -> Result<()> {
    sqlx::query(include_str!("problem.sql"))
        .bind(found.source)
        .bind(found.stream)
        .bind(found.kind)
        .bind(found.detail)
        .bind(found.payload)
        .bind(found.occurrences)
        .bind(at(now))
        .execute(connection)
        .await?;
    Ok(())
}
