//! The receipt of one stream in one run: what came, what it changed, what it cost, how it ended.
//! Leaves counting requests to `usage`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::raw::Stored;
use crate::usage::Usage;

/// How a run or a stream of it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Running,
    /// Everything the vendor has is here.
    Finished,
    /// By a person or a brake; goes on next time.
    Stopped,
    Failed,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }
}

/// One line of a run's receipt.
#[derive(Debug, Clone, Serialize)]
pub struct Receipt {
    pub stream: &'static str,
    pub state: State,
    /// Why it stopped or failed.
    pub reason: Option<String>,
    /// What to do next.
    pub hint: Option<String>,
    /// Scope the key lacks, where that is why.
    pub missing_scope: Option<String>,
    pub pages: u64,
    pub items: u64,
    /// Decompressed.
    pub bytes: u64,
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub stale: u64,
    pub gone: u64,
    pub returned: u64,
    pub set_aside: u64,
    pub repeated: u64,
    pub requests: u64,
    pub retries: u64,
    pub waited_seconds: f64,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

impl Receipt {
    pub(super) fn new(stream: &'static str, started_at: Timestamp) -> Self {
        Self {
            stream,
            state: State::Running,
            reason: None,
            hint: None,
            missing_scope: None,
            pages: 0,
            items: 0,
            bytes: 0,
            new: 0,
            changed: 0,
            unchanged: 0,
            stale: 0,
            gone: 0,
            returned: 0,
            set_aside: 0,
            repeated: 0,
            requests: 0,
            retries: 0,
            waited_seconds: 0.0,
            started_at,
            ended_at: None,
        }
    }

    pub(super) fn add(&mut self, stored: &Stored) {
        self.new += stored.new;
        self.changed += stored.changed;
        self.unchanged += stored.unchanged;
        self.stale += stored.stale;
        self.returned += stored.returned;
        self.repeated += stored.repeated;
    }

    pub(super) fn cost(&mut self, usage: &Usage) {
        (self.requests, self.retries, self.waited_seconds) = usage.totals();
    }

    /// Writes the line as it stands; again replaces it.
    pub(super) async fn write(&self, connection: &mut PgConnection, run_id: Uuid) -> Result<()> {
        let n = |count: u64| count as i64;
        sqlx::query(include_str!("receipt.sql"))
            .bind(run_id)
            .bind(self.stream)
            .bind(self.state.as_str())
            .bind(&self.reason)
            .bind(&self.hint)
            .bind(&self.missing_scope)
            .bind(n(self.pages))
            .bind(n(self.items))
            .bind(n(self.bytes))
            .bind(n(self.new))
            .bind(n(self.changed))
            .bind(n(self.unchanged))
            .bind(n(self.stale))
            .bind(n(self.gone))
            .bind(n(self.returned))
            .bind(n(self.set_aside))
            .bind(n(self.repeated))
            .bind(n(self.requests))
            .bind(n(self.retries))
            .bind(self.waited_seconds)
            .bind(self.started_at.to_sqlx())
            .bind(self.ended_at.map(ToSqlx::to_sqlx))
            .execute(connection)
            .await?;
        Ok(())
    }
}
