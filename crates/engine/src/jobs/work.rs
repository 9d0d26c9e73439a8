//! Takes up what was asked for, as long as the server runs. One process works on a job: it holds a lock that PostgreSQL
//! frees however the process ends, so what was cut off is taken up by the next.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use jiff_sqlx::ToSqlx;
use sqlx::{Connection, PgConnection};
use tokio::sync::Notify;
use uuid::Uuid;

use super::run::run;
use super::{Job, job};
use crate::Result;
use crate::clock::Clock;
use crate::db::Database;
use crate::source::Source;
use crate::sync::Stop;

/// How often to look by itself: another process may have asked, or been killed.
const LOOK: Duration = Duration::from_secs(3);

/// Jobs at a time.
const MOST: usize = 3;

/// Wakes the worker where something was asked for.
#[derive(Debug, Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Something was asked for.
    pub fn up(&self) {
        self.0.notify_one();
    }
}

/// Works until it is asked to stop; what is under way then ends after the piece at hand, and stays open.
pub async fn work(database: &Database, sources: &[&dyn Source], clock: &Clock, wake: &Wake, mut stop: Stop) {
    let mut under_way = FuturesUnordered::new();
    let mut ours: HashSet<Uuid> = HashSet::new();
    loop {
        while under_way.len() < MOST && !stop.is_asked() {
            match take(database, clock, &ours).await {
                Ok(Some((job, lock))) => {
                    ours.insert(job.id);
                    let stop = stop.clone();
                    under_way.push(Box::pin(async move {
                        let id = job.id;
                        if let Err(error) = run(database, sources, clock, &job, stop).await {
                            tracing::error!(%error, job = %id, "a job could not be written; it is taken up again");
                        }
                        lock.close().await.ok();
                        id
                    }));
                }
                Ok(None) => break,
                Err(error) => {
                    tracing::error!(%error, "jobs could not be looked at; they wait");
                    break;
                }
            }
        }
        if stop.is_asked() {
            while under_way.next().await.is_some() {}
            return;
        }
        tokio::select! {
            Some(id) = under_way.next() => { ours.remove(&id); }
            () = wake.0.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            () = stop.asked() => {}
        }
    }
}

/// The oldest open job that nobody works on, and the connection whose lock says that we do.
async fn take(
    database: &Database,
    clock: &Clock,
    ours: &HashSet<Uuid>,
) -> Result<Option<(Job, PgConnection)>> {
    let pool = database.pool();
    let open: Vec<Uuid> = sqlx::query_scalar(include_str!("take.sql")).fetch_all(pool).await?;
    for id in open.into_iter().filter(|id| !ours.contains(id)) {
        let mut lock = pool.acquire().await?.detach();
        let is_free: bool =
            sqlx::query_scalar("select pg_try_advisory_lock(hashtextextended('touchline job ' || $1, 0))")
                .bind(id.to_string())
                .fetch_one(&mut lock)
                .await?;
        if is_free {
            let begun = sqlx::query(include_str!("begin.sql"))
                .bind(id)
                .bind(clock.now().to_sqlx())
                .fetch_optional(&mut lock)
                .await?;
            if let Some(row) = begun {
                return Ok(Some((job(&row)?, lock)));
            }
        }
        lock.close().await.ok();
    }
    Ok(None)
}
