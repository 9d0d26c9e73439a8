//! One run a source at a time: the lock, the run's row, and tidying up after a run that was killed.
//! Leaves the streams' own rows to `walk`.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use sqlx::{PgPool, Postgres};

use super::{Report, Run, at, outage};
use crate::db::Database;
use crate::{Error, Result};

/// How long to wait for the lock of a process that was just killed.
const PATIENCE: Duration = Duration::from_secs(5);

/// The source's lock, held on a connection of its own for as long as the run lasts. The server frees it when the
/// connection ends, also by `kill -9`.
pub(super) struct Claim(sqlx::pool::PoolConnection<Postgres>);

impl Claim {
    pub(super) async fn take(database: &Database, source: &str) -> Result<Self> {
        let began = Instant::now();
        let mut connection = database.pool().acquire().await?;
        loop {
            let taken: bool = sqlx::query_scalar(
                "select pg_try_advisory_lock(hashtextextended('touchline sync ' || $1, 0))",
            )
            .bind(source)
            .fetch_one(&mut *connection)
            .await?;
            if taken {
                return Ok(Self(connection));
            }
            if began.elapsed() > PATIENCE {
                return Err(Error::conflict(
                    format!("a sync of {source} is already running on this database"),
                    "wait for it, or stop it with Ctrl-C where it runs; `touchline status` shows it",
                ));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Gives the lock back; the connection is closed rather than reused, so no lock can linger in the pool.
    pub(super) async fn release(self) {
        let _ = sqlx::Connection::close(self.0.detach()).await;
    }
}

/// Writes the run's row; earlier runs that never ended were killed, and say so now.
pub(super) async fn begin(pool: &PgPool, run: &Run<'_>, now: Timestamp) -> Result<()> {
    let mut tx = pool.begin().await?;
    sqlx::query(include_str!("abandoned.sql"))
        .bind(run.source.name())
        .bind(at(now))
        .bind(run.id)
        .execute(&mut *tx)
        .await?;
    sqlx::query("insert into touchline.runs (id, source, state, started_at) values ($1, $2, 'running', $3) on conflict (id) do nothing")
        .bind(run.id)
        .bind(run.source.name())
        .bind(at(now))
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

/// Writes how the run ended.
pub(super) async fn end(database: &Database, report: &Report) -> Result<()> {
    outage::ride_out(database, async || {
        sqlx::query("update touchline.runs set state = $2, reason = $3, ended_at = $4 where id = $1")
            .bind(report.run_id)
            .bind(report.state.as_str())
            .bind(&report.reason)
            .bind(at(report.ended_at))
            .execute(database.pool())
            .await?;
        Ok(())
    })
    .await
}
