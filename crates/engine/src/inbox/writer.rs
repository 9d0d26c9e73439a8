//! Group commit: whatever deliveries wait are stored in one statement, and then all are answered. One commit each would
//! wait for the disk thousands of times.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use uuid::Uuid;

use super::body::Body;
use super::meter::Meter;
use super::receive::Refused;
use crate::connections::Unproven;

/// Most deliveries and bytes in one commit.
const MOST_ROWS: usize = 1000;
const MOST_BYTES: usize = 16 << 20;
/// Commits under way at once.
pub(super) const WRITERS: usize = 2;
/// How long a commit is tried while the database is away; senders give up after some 20 seconds.
const PATIENCE: Duration = Duration::from_secs(8);
const PAUSE: Duration = Duration::from_millis(100);

/// One delivery on its way into the table.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) connection_id: Uuid,
    pub(super) source: String,
    pub(super) provider: String,
    pub(super) event: Option<String>,
    pub(super) received_at: Timestamp,
    pub(super) is_trial: bool,
    pub(super) headers: String,
    pub(super) signature: Option<Vec<u8>>,
    pub(super) body: Body,
}

/// A delivery that waits for its commit, and who wants to know of it.
pub(super) struct Waiting {
    pub(super) row: Row,
    pub(super) answer: oneshot::Sender<Result<(), Refused>>,
}

/// Stores what waits until nobody is left who could send more. Several may share what waits: while one waits for the disk,
/// the next gathers.
pub(super) async fn write(
    pool: PgPool,
    waiting: Arc<Mutex<mpsc::Receiver<Waiting>>>,
    meter: Arc<Meter>,
    arrived: Arc<Notify>,
) {
    let mut connection = None;
    let mut next = Vec::new();
    loop {
        if next.is_empty() && waiting.lock().await.recv_many(&mut next, MOST_ROWS).await == 0 {
            return;
        }
        let mut bytes = 0;
        let fits = next.iter().take_while(|one| {
            bytes += one.row.body.bytes.len();
            bytes <= MOST_BYTES
        });
        let rest = next.split_off(fits.count().max(1));
        let (rows, answers): (Vec<Row>, Vec<_>) = next.into_iter().map(|one| (one.row, one.answer)).unzip();
        next = rest;
        meter.batch(rows.len());
        let outcome = store(&pool, &mut connection, &rows).await;
        arrived.notify_one();
        for (row, answer) in rows.iter().zip(answers) {
            let told = match &outcome {
                Ok(stored) if stored.contains(&row.id) => Ok(()),
                // Only a signature that is there already keeps a row out.
                Ok(_) => Err(Refused::Unproven(Unproven::Replayed)),
                Err(refused) => Err(*refused),
            };
            // Who went away will send it again; it is stored all the same.
            let _ = answer.send(told);
        }
    }
}

/// Stores rows and says which are there. A commit whose answer was lost may have happened: the same ids again find out.
async fn store(
    pool: &PgPool,
    connection: &mut Option<PoolConnection<Postgres>>,
    rows: &[Row],
) -> Result<HashSet<Uuid>, Refused> {
    let began = Instant::now();
    loop {
        let attempt =
            tokio::time::timeout(PATIENCE.saturating_sub(began.elapsed()), attempt(pool, connection, rows));
        let error = match attempt.await {
            Ok(Ok(stored)) => return Ok(stored),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it took too long".into(),
        };
        // What became of its transaction is not known: it is not used again.
        if let Some(broken) = connection.take() {
            drop(broken.detach());
        }
        tracing::warn!(error, deliveries = rows.len(), "deliveries could not be stored yet");
        if began.elapsed() + PAUSE >= PATIENCE {
            return Err(Refused::Unavailable);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn attempt(
    pool: &PgPool,
    held: &mut Option<PoolConnection<Postgres>>,
    rows: &[Row],
) -> sqlx::Result<HashSet<Uuid>> {
    let connection = match held {
        Some(connection) => connection,
        None => {
            let mut fresh = pool.acquire().await?;
            // A commit that does not wait for the disk is no promise.
            sqlx::query("set synchronous_commit = on").execute(&mut *fresh).await?;
            held.insert(fresh)
        }
    };
    let stored: Vec<Uuid> = sqlx::query_scalar(include_str!("store.sql"))
        .bind(rows.iter().map(|row| row.id).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.connection_id).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.source.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.provider.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.event.as_deref()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.received_at.to_sqlx()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.headers.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.body.bytes.as_slice()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.body.encoding.as_deref()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.signature.as_deref()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.is_trial).collect::<Vec<_>>())
        .fetch_all(&mut **connection)
        .await?;
    Ok(stored.into_iter().collect())
}
