//! Rides out a database that is away for a while: restarted, killed, failed over. Leaves what to repeat to the
//! caller, whose work must be safe to repeat.

use std::time::{Duration, Instant};

use super::stop::Stop;
use crate::Result;
use crate::db::Database;

/// How long a database may be away before a run gives up.
const PATIENCE: Duration = Duration::from_secs(90);

/// Repeats `work` while the database is away, bringing a local server back where that is ours to do.
pub(crate) async fn ride_out<T>(database: &Database, work: impl AsyncFn() -> Result<T>) -> Result<T> {
    repeat(database, || false, work).await
}

/// The same for work that the next process takes up: a process that shall end does not wait for a database.
pub(crate) async fn ride_out_until<T>(
    stop: &Stop,
    database: &Database,
    work: impl AsyncFn() -> Result<T>,
) -> Result<T> {
    repeat(database, || stop.is_asked(), work).await
}

async fn repeat<T>(
    database: &Database,
    is_over: impl Fn() -> bool,
    work: impl AsyncFn() -> Result<T>,
) -> Result<T> {
    let began = Instant::now();
    loop {
        match work().await {
            Err(error) if error.is_outage() && began.elapsed() < PATIENCE && !is_over() => {
                tracing::debug!(%error, "the database is away; waiting for it");
                if let Err(error) = database.ensure_running().await {
                    tracing::debug!(%error, "it is not back yet");
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            outcome => return outcome,
        }
    }
}
