//! What runs by itself while a server is up: pulling, healing webhooks. When each is due stands in the database, so that
//! a restart goes on where the last process stopped and of two servers one does it.
//! Leaves pulling to `sync`, webhooks to `connections`, understanding what came by webhook to `inbox`.

mod jobs;
mod run;

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgPool, Row};

pub use jobs::{JOBS, Job};
pub use run::{Schedule, Told};

use crate::Result;

/// How a job stands.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Scheduled {
    pub name: String,
    pub source: String,
    pub every_seconds: i32,
    pub next_run_at: Timestamp,
    pub last_started_at: Option<Timestamp>,
    pub last_ended_at: Option<Timestamp>,
    /// finished, stopped, failed, waiting
    pub last_state: Option<String>,
    pub last_reason: Option<String>,
}

impl Scheduled {
    /// Whether it is under way, as far as the database can tell.
    pub fn is_running(&self, now: Timestamp) -> bool {
        let began =
            self.last_started_at.filter(|began| self.last_ended_at.is_none_or(|ended| ended < *began));
        began.is_some() && now < self.next_run_at
    }

    /// Whether it should have begun long ago: no server is up that does it.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        now.duration_since(self.next_run_at) > SignedDuration::from_mins(10)
    }
}

/// Every job that a server ever took on, in their order.
pub async fn list(pool: &PgPool) -> Result<Vec<Scheduled>> {
    let rows = sqlx::query(include_str!("list.sql")).fetch_all(pool).await?;
    rows.into_iter()
        .map(|row| {
            let instant = |name: &str| -> Result<Option<Timestamp>> {
                Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|at| at.to_jiff()))
            };
            Ok(Scheduled {
                name: row.try_get("name")?,
                source: row.try_get("source")?,
                every_seconds: row.try_get("every_seconds")?,
                next_run_at: row.try_get::<jiff_sqlx::Timestamp, _>("next_run_at")?.to_jiff(),
                last_started_at: instant("last_started_at")?,
                last_ended_at: instant("last_ended_at")?,
                last_state: row.try_get("last_state")?,
                last_reason: row.try_get("last_reason")?,
            })
        })
        .collect()
}

/// An instant as a bind parameter.
fn at(instant: Timestamp) -> jiff_sqlx::Timestamp {
    instant.to_sqlx()
}
