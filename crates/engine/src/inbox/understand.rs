//! What waits is understood, in batches: the source reads, `raw` stores, `touchline.changes` tells normalisation.
//! Leaves when to do so to `worker`, what bytes mean to the sources.
//!
//! A delivery that a source cannot read blocks nobody: it is set aside with a reason, also where the source panics, where
//! PostgreSQL refuses what came of it, and where reading it ends the process.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::settle::{Settled, settle};
use crate::raw::{self, RawTable, Record};
use crate::source::{Delivery, Understood};
use crate::sources::{Listed, SOURCES};
use crate::{Error, Result};

/// How often deliveries were taken up before without an end, at least and at most, and how many of such are taken up at
/// once. What ends the process takes ever fewer with it and is alone from the fourth time on; what was near it, or was
/// there when somebody killed the process, still goes on in batches.
const SHARES: [(i32, i32, i64); 4] = [(0, 0, 500), (1, 1, 62), (2, 2, 7), (3, i32::MAX, 1)];
/// Most bytes of their bodies together.
const MOST_BYTES: i64 = 16 << 20;
/// How often a delivery may be taken up without an end before it is held to be what ends the process.
const MOST_ATTEMPTS: i32 = 5;

/// What became of those that were taken up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    pub understood: u64,
    pub set_aside: u64,
}

impl Progress {
    /// Whether anything was taken up.
    pub fn is_any(self) -> bool {
        self != Self::default()
    }
}

/// Takes up the next deliveries that wait. Again and again until nothing is left; safe to repeat and to run beside others.
pub async fn understand(pool: &PgPool, now: Timestamp) -> Result<Progress> {
    understand_with(pool, SOURCES, now).await
}

/// The same with other sources.
pub async fn understand_with(pool: &PgPool, sources: &'static [Listed], now: Timestamp) -> Result<Progress> {
    let taken = claim(pool).await?;
    match work(pool, sources, &taken, now).await {
        Err(error) if is_about_data(&error) => {
            let mut progress = Progress::default();
            for id in taken {
                let done = match work(pool, sources, &[id], now).await {
                    Err(error) if is_about_data(&error) => give_up(pool, id, &error, now).await?,
                    outcome => outcome?,
                };
                progress.understood += done.understood;
                progress.set_aside += done.set_aside;
            }
            Ok(progress)
        }
        outcome => outcome,
    }
}

/// Written before the work: should it end the process, the next one knows.
async fn claim(pool: &PgPool) -> Result<Vec<Uuid>> {
    for (at_least, at_most, rows) in SHARES {
        let taken: Vec<Uuid> = sqlx::query_scalar(include_str!("claim.sql"))
            .bind(at_least)
            .bind(at_most)
            .bind(rows)
            .bind(MOST_BYTES)
            .fetch_all(pool)
            .await?;
        if !taken.is_empty() {
            return Ok(taken);
        }
    }
    Ok(Vec::new())
}

/// Whether PostgreSQL refused a value (22), a constraint (23) or a size (54): repeating will not help.
fn is_about_data(error: &Error) -> bool {
    let Error::Database(sqlx::Error::Database(error)) = error else { return false };
    error.code().is_some_and(|code| ["22", "23", "54"].iter().any(|class| code.starts_with(class)))
}

/// One transaction: the records, their changes, and what became of the deliveries.
async fn work(pool: &PgPool, sources: &'static [Listed], ids: &[Uuid], now: Timestamp) -> Result<Progress> {
    if ids.is_empty() {
        return Ok(Progress::default());
    }
    let mut tx = pool.begin().await?;
    let rows = sqlx::query(include_str!("take.sql")).bind(ids).fetch_all(&mut *tx).await?;
    let taken = rows.iter().map(Taken::of).collect::<Result<Vec<_>>>()?;
    // Reading is work for a processor, and bodies may be large.
    let read = tokio::task::spawn_blocking(move || read(sources, taken)).await;
    let (records, settled) =
        read.map_err(|_| Error::conflict("interrupted while deliveries were read", "start again"))?;
    let batch = Uuid::now_v7();
    for (table, records) in records.into_values() {
        let stored = raw::store(&mut tx, table, &records).await?;
        if !stored.changed_keys.is_empty() {
            sqlx::query("insert into touchline.changes (raw_table, record_keys, run_id) values ($1, $2, $3)")
                .bind(table.name)
                .bind(&stored.changed_keys)
                .bind(batch)
                .execute(&mut *tx)
                .await?;
        }
    }
    settle(&mut tx, &settled, now).await?;
    tx.commit().await?;
    let set_aside = settled.iter().filter(|one| one.reason.is_some()).count() as u64;
    Ok(Progress { understood: settled.len() as u64 - set_aside, set_aside })
}

/// A delivery as it was stored.
struct Taken {
    id: Uuid,
    source: String,
    provider: String,
    event: Option<String>,
    body: Vec<u8>,
    encoding: Option<String>,
    received_at: Timestamp,
    attempts: i32,
    is_trial: bool,
}

impl Taken {
    fn of(row: &sqlx::postgres::PgRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            source: row.try_get("source")?,
            provider: row.try_get("provider")?,
            event: row.try_get("event")?,
            body: row.try_get("body")?,
            encoding: row.try_get("encoding")?,
            received_at: row.try_get::<jiff_sqlx::Timestamp, _>("received_at")?.to_jiff(),
            attempts: row.try_get("attempts")?,
            is_trial: row.try_get("is_trial")?,
        })
    }
}

/// Records by table, in the order of its name: who stores into several tables locks them in one order.
type ByTable = BTreeMap<&'static str, (&'static RawTable, Vec<(Timestamp, Record)>)>;

fn read(sources: &'static [Listed], taken: Vec<Taken>) -> (ByTable, Vec<Settled>) {
    let mut by_table = ByTable::new();
    let mut settled = Vec::with_capacity(taken.len());
    for delivery in taken {
        let reason = match read_one(sources, &delivery) {
            Understood::Records(records) => {
                for (table, record) in records {
                    by_table
                        .entry(table.name)
                        .or_insert((table, Vec::new()))
                        .1
                        .push((delivery.received_at, record));
                }
                None
            }
            Understood::SetAside(reason) => Some(reason.replace('\0', "\u{FFFD}")),
        };
        settled.push(Settled { id: delivery.id, reason });
    }
    (by_table, settled)
}

fn read_one(sources: &'static [Listed], taken: &Taken) -> Understood {
    if taken.is_trial {
        return Understood::Records(Vec::new());
    }
    if taken.attempts > MOST_ATTEMPTS {
        let reason = format!("it was taken up {MOST_ATTEMPTS} times, and each time the process ended");
        return Understood::SetAside(reason);
    }
    if let Some(encoding) = &taken.encoding {
        return Understood::SetAside(format!("its body could not be decompressed ({encoding})"));
    }
    let Some(understand) =
        sources.iter().find(|source| source.name == taken.source).and_then(|s| s.understand)
    else {
        return Understood::SetAside(format!("this version cannot read deliveries of {} yet", taken.source));
    };
    let delivery = Delivery {
        provider: &taken.provider,
        event: taken.event.as_deref(),
        body: &taken.body,
        received_at: taken.received_at,
    };
    catch_unwind(AssertUnwindSafe(|| understand(&delivery)))
        .unwrap_or_else(|_| Understood::SetAside("reading it failed; this is a fault of Touchline".into()))
}

/// Sets one aside whose records PostgreSQL refuses.
async fn give_up(pool: &PgPool, id: Uuid, error: &Error, now: Timestamp) -> Result<Progress> {
    let mut tx = pool.begin().await?;
    settle(
        &mut tx,
        &[Settled { id, reason: Some(format!("its records could not be stored: {error}")) }],
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(Progress { understood: 0, set_aside: 1 })
}
