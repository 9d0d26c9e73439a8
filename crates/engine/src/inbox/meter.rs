//! What the receiver counts, and what it asks the database, for `/metrics`. Leaves the text form to `web`.

use std::collections::BTreeMap;
use std::sync::Mutex;

use jiff::Timestamp;
use sqlx::{PgPool, Row};

use super::receive::Refused;
use crate::Result;

/// Upper bounds of the batch sizes that are counted apart.
pub const BATCH_BOUNDS: [usize; 8] = [1, 2, 4, 8, 16, 32, 64, 256];

/// Counted since the start of the process.
#[derive(Debug, Default)]
pub struct Meter(Mutex<Counts>);

/// A moment's counts.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// By source.
    pub received: BTreeMap<String, u64>,
    /// By source and reason.
    pub refused: BTreeMap<(String, &'static str), u64>,
    /// Commits by the smallest bound their size fits; the last counts those beyond all.
    pub batches: [u64; BATCH_BOUNDS.len() + 1],
    /// Deliveries in those commits.
    pub batched: u64,
}

impl Meter {
    pub fn counts(&self) -> Counts {
        self.held().clone()
    }

    /// Deliveries that were given to the database.
    pub(super) fn stored(&self) -> u64 {
        self.held().batched
    }

    pub(super) fn received(&self, source: &str) {
        let mut held = self.held();
        match held.received.get_mut(source) {
            Some(count) => *count += 1,
            None => {
                held.received.insert(source.to_owned(), 1);
            }
        }
    }

    pub(super) fn refused(&self, source: &str, why: Refused) {
        *self.held().refused.entry((source.to_owned(), why.as_str())).or_default() += 1;
    }

    pub(super) fn batch(&self, size: usize) {
        let mut held = self.held();
        let at = BATCH_BOUNDS.iter().position(|bound| size <= *bound).unwrap_or(BATCH_BOUNDS.len());
        held.batches[at] += 1;
        held.batched += size as u64;
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What the database says.
#[derive(Debug, Clone)]
pub struct Gauges {
    pub waiting: i64,
    pub set_aside: i64,
    /// How long the oldest delivery has waited to be understood, seconds; 0: none waits.
    pub lag_seconds: f64,
    /// Things that need a look.
    pub problems: i64,
    /// Events whose person is unknown.
    pub unmatched: i64,
}

/// Asks the database.
pub async fn gauges(pool: &PgPool, now: Timestamp) -> Result<Gauges> {
    let row = sqlx::query(include_str!("gauges.sql")).fetch_one(pool).await?;
    let oldest: Option<jiff_sqlx::Timestamp> = row.try_get("oldest_waiting_at")?;
    Ok(Gauges {
        waiting: row.try_get("waiting")?,
        set_aside: row.try_get("set_aside")?,
        lag_seconds: oldest.map_or(0.0, |at| now.duration_since(at.to_jiff()).as_secs_f64().max(0.0)),
        problems: row.try_get("problems")?,
        unmatched: row.try_get("unmatched")?,
    })
}
