//! Long work that a page or the API asks for: kept as rows, so that it survives a reload and a restart, worked through by
//! whichever server runs. Leaves what the work is to `import`, `sync` and `reconcile`.

mod run;
mod work;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use uuid::Uuid;

pub use work::{Wake, work};

use crate::keyset::After;
use crate::{Error, Result};

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = JobKind)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What an import would do; the subject is an upload.
    ImportCheck,
    /// The subject is an upload.
    Import,
    /// The subject is a source.
    Sync,
    /// The subject is empty.
    Reconcile,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::ImportCheck, Self::Import, Self::Sync, Self::Reconcile];

    /// Its word: column, JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ImportCheck => "import_check",
            Self::Import => "import",
            Self::Sync => "sync",
            Self::Reconcile => "reconcile",
        }
    }
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = JobState)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Waiting,
    Running,
    Finished,
    /// By a person.
    Stopped,
    Failed,
}

impl State {
    const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Finished, Self::Stopped, Self::Failed];

    /// Its word: column, JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }

    /// Whether there is still something to wait for.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }
}

/// One job.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Job {
    pub id: Uuid,
    pub kind: Kind,
    pub subject: String,
    pub arguments: Value,
    pub state: State,
    pub done: i64,
    /// Null: not known.
    pub total: Option<i64>,
    pub note: Option<String>,
    pub outcome: Option<Value>,
    pub error: Option<String>,
    pub hint: Option<String>,
    pub asked_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub stop_asked_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

/// Asks for work. The same work asked for again while it is open is the same job.
pub async fn ask(
    pool: &PgPool,
    kind: Kind,
    subject: &str,
    arguments: &Value,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Job> {
    let row = sqlx::query(include_str!("ask.sql"))
        .bind(Uuid::now_v7())
        .bind(kind.word())
        .bind(subject)
        .bind(arguments)
        .bind(by)
        .bind(now.to_sqlx())
        .fetch_one(pool)
        .await?;
    job(&row)
}

/// One job.
pub async fn show(pool: &PgPool, id: Uuid) -> Result<Job> {
    let found = sqlx::query(include_str!("show.sql")).bind(id).fetch_optional(pool).await?;
    found
        .map(|row| job(&row))
        .transpose()?
        .ok_or_else(|| Error::not_found(format!("there is no job `{id}`"), "`touchline jobs` shows them"))
}

/// Jobs, newest first, older than `after`; of one kind only, where one is named.
pub async fn list(pool: &PgPool, kind: Option<Kind>, after: Option<After>, limit: i64) -> Result<Vec<Job>> {
    let rows = sqlx::query(include_str!("list.sql"))
        .bind(kind.map(Kind::word))
        .bind(limit)
        .bind(after.map(|after| after.at.to_sqlx()))
        .bind(after.map(|after| after.id))
        .fetch_all(pool)
        .await?;
    rows.iter().map(job).collect()
}

/// The last job of a kind about a subject.
pub async fn last(pool: &PgPool, kind: Kind, subject: &str) -> Result<Option<Job>> {
    let row =
        sqlx::query(include_str!("last.sql")).bind(kind.word()).bind(subject).fetch_optional(pool).await?;
    row.map(|row| job(&row)).transpose()
}

/// Asks a job to end after the piece at hand. One that has ended stays as it is.
pub async fn stop(pool: &PgPool, id: Uuid, now: Timestamp) -> Result<Job> {
    sqlx::query(include_str!("stop.sql")).bind(id).bind(now.to_sqlx()).execute(pool).await?;
    show(pool, id).await
}

fn job(row: &PgRow) -> Result<Job> {
    let instant = |name: &str| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|at| at.to_jiff()))
    };
    let (kind, state): (&str, &str) = (row.try_get("kind")?, row.try_get("state")?);
    Ok(Job {
        id: row.try_get("id")?,
        kind: Kind::ALL.into_iter().find(|one| one.word() == kind).unwrap_or(Kind::Reconcile),
        subject: row.try_get("subject")?,
        arguments: row.try_get("arguments")?,
        state: State::ALL.into_iter().find(|one| one.word() == state).unwrap_or(State::Failed),
        done: row.try_get("done")?,
        total: row.try_get("total")?,
        note: row.try_get("note")?,
        outcome: row.try_get("outcome")?,
        error: row.try_get("error")?,
        hint: row.try_get("hint")?,
        asked_at: row.try_get::<jiff_sqlx::Timestamp, _>("asked_at")?.to_jiff(),
        started_at: instant("started_at")?,
        stop_asked_at: instant("stop_asked_at")?,
        ended_at: instant("ended_at")?,
    })
}
