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

/// How many records are worked out in one transaction. A backlog of any size gets less step by step: a process that dies
/// again and again loses one step's work, not all of it.
const RECORDS: i64 = 20_000;

/// Works out what changed raw records mean and takes them off the list of changes, the oldest first. A record whose meaning
/// cannot be worked out is set aside and told; it does not hold up the others.
pub async fn normalise(pool: &PgPool, now: Timestamp) -> Result<Vec<Written>> {
    let mut written = Vec::new();
    let mut records = RECORDS;
    // Most syncs bring nothing new; then not even the temporary tables are made.
    while sqlx::query_scalar(include_str!("waiting.sql")).fetch_one(pool).await? {
        match attempt(pool, now, Share::About(records)).await {
            Ok(some) => {
                add(&mut written, some);
                records = (records * 2).min(RECORDS);
            }
            // Half as many, until the record that fails is alone.
            Err(error) if poison::is_about_data(&error) && records > 1 => records /= 2,
            Err(error) if poison::is_about_data(&error) => {
                add(&mut written, poison::corner(pool, error, now).await?);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(written)
}

/// Sums up what the same steps wrote one time after the other.
fn add(written: &mut Vec<Written>, more: Vec<Written>) {
    for one in more {
        match written.iter_mut().find(|before| before.step == one.step) {
            Some(before) => before.rows += one.rows,
            None => written.push(one),
        }
    }
}

/// How much of the list of changes is taken off it.
#[derive(Debug, Clone, Copy)]
enum Share {
    All,
    /// The oldest entries, until they hold so many records.
    About(i64),
    Entry(i64),
}

/// Works out a share of the list in one transaction.
async fn attempt(pool: &PgPool, now: Timestamp, share: Share) -> Result<Vec<Written>> {
    let mut tx = pool.begin().await?;
    begin(&mut tx).await?;
    take(&mut tx, share).await?;
    let written = run_steps(&mut tx, now).await?;
    tx.commit().await?;
    Ok(written)
}

async fn take(tx: &mut PgConnection, share: Share) -> Result<()> {
    let (entry, records) = match share {
        Share::All => (None, None),
        Share::About(records) => (None, Some(records)),
        Share::Entry(entry) => (Some(entry), None),
    };
    sqlx::query(include_str!("take_changes.sql")).bind(entry).bind(records).execute(tx).await?;
    Ok(())
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
