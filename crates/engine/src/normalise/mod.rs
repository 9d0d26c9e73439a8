//! From raw to normalised: each source's SQL steps over the records that changed. Set-based, and safe to repeat.
//! Leaves what the steps say to the sources' `normalise/*.sql`.

mod poison;
mod rebuild;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

pub use rebuild::{Rebuilt, rebuild};

use crate::Result;
use crate::funnel;
use crate::sources;
use crate::states;

/// What one step wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    pub step: &'static str,
    pub rows: u64,
}

/// Works out what changed raw records mean, in one transaction, and takes them off the list of changes. A record whose
/// meaning cannot be worked out is set aside and told; it does not hold up the others.
pub async fn normalise(pool: &PgPool, now: Timestamp) -> Result<Vec<Written>> {
    // Most syncs bring nothing new; then not even the temporary tables are made.
    let waiting: bool = sqlx::query_scalar(include_str!("waiting.sql")).fetch_one(pool).await?;
    if !waiting {
        return Ok(Vec::new());
    }
    match attempt(pool, now, None).await {
        Err(error) if poison::is_about_data(&error) => poison::set_aside(pool, now).await,
        outcome => outcome,
    }
}

/// Works out one entry of the list of changes, or all of it.
async fn attempt(pool: &PgPool, now: Timestamp, entry: Option<i64>) -> Result<Vec<Written>> {
    let mut tx = pool.begin().await?;
    begin(&mut tx).await?;
    let taken =
        sqlx::query(include_str!("take_changes.sql")).bind(entry).execute(&mut *tx).await?.rows_affected();
    if taken == 0 && entry.is_some() {
        return Ok(Vec::new());
    }
    let written = run_steps(&mut tx, now).await?;
    tx.commit().await?;
    Ok(written)
}

/// One normalisation at a time, and the table its steps read.
pub(crate) async fn begin(tx: &mut PgConnection) -> Result<()> {
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('touchline normalise', 0))")
        .execute(&mut *tx)
        .await?;
    sqlx::raw_sql(include_str!("changed.sql")).execute(&mut *tx).await?;
    states::begin(tx).await
}

async fn run_steps(tx: &mut PgConnection, now: Timestamp) -> Result<Vec<Written>> {
    // The planner has to know how much there is to do: a handful of keys, or everything.
    sqlx::query("analyze changed").execute(&mut *tx).await?;
    let mut written = Vec::new();
    for step in sources::SOURCES.iter().flat_map(|source| source.steps) {
        let rows = sqlx::query(step.sql).bind(now.to_sqlx()).execute(&mut *tx).await?.rows_affected();
        tracing::debug!(step = step.name, rows, "normalised");
        written.push(Written { step: step.name, rows });
    }
    written.extend(states::fold(tx, now).await?);
    written.extend(funnel::recount(tx).await?);
    Ok(written)
}
