//! How fresh the mirror is: each stream's last receipt, back-fills with an estimate, what the key cannot see, what
//! needs a look. Asks only our own database.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgPool, Row};

use crate::Result;
use crate::schedule::{self, Scheduled};
use crate::source::{Lane, Shape, Stream};
use crate::sources::SOURCES;

/// Everything `touchline status` says.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = SyncStatus)]
pub struct Status {
    pub streams: Vec<StreamStatus>,
    pub problems: Vec<Problem>,
    /// What runs by itself while a server is up.
    pub schedule: Vec<Scheduled>,
    /// Inbound events whose person is unknown.
    pub unmatched: i64,
    /// Batches of raw changes that normalisation has not taken up yet.
    pub waiting_to_be_normalised: i64,
}

/// One stream.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StreamStatus {
    pub source: &'static str,
    pub stream: &'static str,
    pub raw_table: &'static str,
    /// Everything the vendor had then is here; null: never walked to the end.
    pub walked_to_end_at: Option<Timestamp>,
    /// running, finished, stopped, failed; null: never run.
    pub last_state: Option<String>,
    pub last_reason: Option<String>,
    pub last_hint: Option<String>,
    pub last_ended_at: Option<Timestamp>,
    pub backfill: Option<Backfill>,
    /// Scope the key lacks for this stream.
    pub missing_scope: Option<String>,
    /// What people cannot see, where the key lacks this stream's scope.
    pub cannot_see: Option<&'static str>,
}

/// A first walk under way.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Backfill {
    pub stored: i64,
    /// By the vendor's lifetime counters; null: not known.
    pub expected: Option<i64>,
    /// At the vendor's limit; null: not known.
    pub minutes_left: Option<f64>,
}

/// Something kept that needs a look.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = SyncProblem)]
pub struct Problem {
    pub stream: String,
    pub kind: String,
    pub detail: String,
    pub occurrences: i64,
    pub last_seen_at: Timestamp,
}

/// How every stream stands. `emails_per_minute` is the pace a back-fill is reckoned with; 0: none.
pub async fn status(pool: &PgPool, emails_per_minute: u32) -> Result<Status> {
    let mut streams = Vec::new();
    for source in SOURCES {
        for stream in source.streams {
            streams.push(of_stream(pool, source.name, stream, emails_per_minute).await?);
        }
    }
    // A vendor that was never pulled has nothing to tell beside one that was.
    let pulled: Vec<&str> =
        streams.iter().filter(|stream| stream.last_state.is_some()).map(|stream| stream.source).collect();
    if !pulled.is_empty() {
        streams.retain(|stream| pulled.contains(&stream.source));
    }
    let problems = sqlx::query(include_str!("problems.sql")).fetch_all(pool).await?;
    let counts = sqlx::query(include_str!("waiting.sql")).fetch_one(pool).await?;
    Ok(Status {
        streams,
        schedule: schedule::list(pool).await?,
        problems: problems
            .into_iter()
            .map(|row| {
                Ok(Problem {
                    stream: row.try_get("stream")?,
                    kind: row.try_get("kind")?,
                    detail: row.try_get("detail")?,
                    occurrences: row.try_get("occurrences")?,
                    last_seen_at: row.try_get::<jiff_sqlx::Timestamp, _>("last_seen_at")?.to_jiff(),
                })
            })
            .collect::<Result<_>>()?,
        unmatched: counts.try_get("unmatched")?,
        waiting_to_be_normalised: counts.try_get("waiting")?,
    })
}

async fn of_stream(
    pool: &PgPool,
    source: &'static str,
    stream: &'static Stream,
    emails_per_minute: u32,
) -> Result<StreamStatus> {
    let row = sqlx::query("select * from raw_streams where source = $1 and stream = $2")
        .bind(source)
        .bind(stream.name)
        .fetch_optional(pool)
        .await?;
    let mut status = StreamStatus {
        source,
        stream: stream.name,
        raw_table: stream.table.name,
        walked_to_end_at: None,
        last_state: None,
        last_reason: None,
        last_hint: None,
        last_ended_at: None,
        backfill: None,
        missing_scope: None,
        cannot_see: None,
    };
    let Some(row) = row else { return Ok(status) };
    let instant = |name: &str| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|t| t.to_jiff()))
    };
    status.walked_to_end_at = instant("walked_to_end_at")?;
    status.last_ended_at = instant("last_ended_at")?;
    status.last_state = row.try_get("last_state")?;
    status.last_reason = row.try_get("last_reason")?;
    status.last_hint = row.try_get("last_hint")?;
    status.missing_scope = row.try_get("last_missing_scope")?;
    status.cannot_see = status.missing_scope.is_some().then_some(stream.without);
    // The other feed is as long as the vendor keeps its log.
    if stream.lane == Lane::Scarce
        && stream.shape == Shape::Feed
        && status.walked_to_end_at.is_none()
        && row.try_get("walk_under_way")?
    {
        status.backfill = Some(backfill(pool, emails_per_minute).await?);
    }
    Ok(status)
}

async fn backfill(pool: &PgPool, emails_per_minute: u32) -> Result<Backfill> {
    let row = sqlx::query(include_str!("backfill.sql")).fetch_one(pool).await?;
    let (stored, expected): (i64, Option<i64>) = (row.try_get("stored")?, row.try_get("expected")?);
    let minutes_left = expected.filter(|_| emails_per_minute > 0).map(|expected| {
        // a page holds a hundred
        (expected - stored).max(0) as f64 / 100.0 / f64::from(emails_per_minute)
    });
    Ok(Backfill { stored, expected, minutes_left })
}
