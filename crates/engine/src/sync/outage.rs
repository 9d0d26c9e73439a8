//! Rides out a database that is away for a while: restarted, killed, failed over. Leaves what to repeat to the
//! caller, whose work must be safe to repeat.

use std::time::{Duration, Instant};

use crate::db::Database;
use crate::{Error, Result};

/// How long a database may be away before a run gives up.
const PATIENCE: Duration = Duration::from_secs(90);

/// Repeats `work` while the database is away, bringing a local server back where that is ours to do.
pub(crate) async fn ride_out<T>(database: &Database, work: impl AsyncFn() -> Result<T>) -> Result<T> {
    let began = Instant::now();
    loop {
        match work().await {
            Err(error) if is_outage(&error) && began.elapsed() < PATIENCE => {
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

/// Whether the failure is about the connection or the server's life, not about what was asked.
fn is_outage(error: &Error) -> bool {
    let Error::Database(error) = error else { return false };
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed => true,
        // 08: connection; 57P01-03: shutting down, crashed, starting up; 40001/40P01: serialisation, deadlock; 53300:
        // too many connections
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            code.starts_with("08")
                || matches!(&*code, "57P01" | "57P02" | "57P03" | "40001" | "40P01" | "53300")
        }),
        _ => false,
    }
}
