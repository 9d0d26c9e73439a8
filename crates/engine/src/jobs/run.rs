//! One job from its start to its end, with its progress written as it goes.

use std::sync::Mutex;
use std::time::Duration;

use jiff_sqlx::ToSqlx;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{Job, Kind, State};
use crate::clock::Clock;
use crate::db::Database;
use crate::import::{self, upload};
use crate::source::Source;
use crate::sync::{self, Stop, StopHandle};
use crate::{Error, Result, demo, reconcile};

/// How often progress is written.
const PACE: Duration = Duration::from_millis(400);

/// How a job stands, from the work to the row.
#[derive(Clone, Default)]
struct Progress {
    done: i64,
    total: Option<i64>,
    note: Option<String>,
}

/// Told by imports and syncs.
struct Told {
    sender: watch::Sender<Progress>,
    total: Option<i64>,
    /// Records of each stream so far.
    streams: Mutex<std::collections::BTreeMap<&'static str, i64>>,
}

impl import::Watch for Told {
    fn part(&self, progress: import::Progress) {
        let bytes = i64::try_from(progress.bytes).unwrap_or(i64::MAX);
        self.sender.send_replace(Progress {
            done: self.total.map_or(bytes, |total| bytes.min(total)),
            total: self.total,
            note: Some(format!("{} rows", progress.rows)),
        });
    }
}

impl sync::Watch for Told {
    fn receipt(&self, receipt: &sync::Receipt) {
        let Ok(mut streams) = self.streams.lock() else { return };
        streams.insert(receipt.stream, i64::try_from(receipt.items).unwrap_or(i64::MAX));
        self.sender.send_replace(Progress {
            done: streams.values().sum(),
            total: None,
            note: Some(receipt.stream.into()),
        });
    }
}

/// Runs a job and writes how it ended. When the server stops, the job stays open for the next one.
pub(super) async fn run(
    database: &Database,
    sources: &[&dyn Source],
    clock: &Clock,
    job: &Job,
    mut server: Stop,
) -> Result<()> {
    let (handle, stop) = Stop::new();
    let total = total(database, job).await?;
    let (sender, progress) = watch::channel(Progress::default());
    let told = Told { sender, total, streams: Mutex::default() };
    let work = Box::pin(work(database, sources, clock, job, stop.clone(), &told));
    let done = {
        let writing = write(database, job, progress, &handle);
        let server_stops = async {
            server.asked().await;
            handle.ask();
            std::future::pending::<()>().await;
        };
        tokio::select! {
            done = work => done,
            () = writing => unreachable_end(),
            () = server_stops => unreachable_end(),
        }
    };
    let by_server = server.is_asked();
    let (state, outcome, error) = match done {
        Ok(outcome) if !stop.is_asked() => (State::Finished, Some(outcome), None),
        Ok(_) if by_server => return Ok(()),
        Ok(outcome) => (State::Stopped, Some(outcome), None),
        Err(error) => {
            tracing::warn!(%error, job = %job.id, kind = job.kind.word(), "a job failed");
            (State::Failed, None, Some(error))
        }
    };
    sqlx::query(include_str!("end.sql"))
        .bind(job.id)
        .bind(state.word())
        .bind(outcome)
        .bind(error.as_ref().map(Error::to_string))
        .bind(error.as_ref().and_then(Error::hint))
        .bind(clock.now().to_sqlx())
        .execute(database.pool())
        .await?;
    Ok(())
}

/// Both never return; only the work ends.
fn unreachable_end() -> Result<Value> {
    Err(Error::conflict("the job lost its way", "ask for it again"))
}

async fn work(
    database: &Database,
    sources: &[&dyn Source],
    clock: &Clock,
    job: &Job,
    stop: Stop,
    told: &Told,
) -> Result<Value> {
    let pool = database.pool();
    match job.kind {
        Kind::ImportCheck => {
            let checked = upload::check(pool, upload_of(job)?, clock, &stop, told).await?;
            Ok(json!({ "rows": checked.report.rows }))
        }
        Kind::Import => {
            let again = job.arguments.get("again") == Some(&Value::Bool(true));
            let imported = upload::commit(pool, upload_of(job)?, again, clock, &stop, told).await?;
            Ok(
                json!({ "import_id": imported.report.id, "known": imported.known, "resumed": imported.resumed }),
            )
        }
        Kind::Sync => {
            demo::refuse_real_data(pool).await?;
            let flag = |name: &str| job.arguments.get(name) == Some(&Value::Bool(true));
            let options = sync::Options {
                full: flag("full"),
                allow_gone: flag("allow_gone"),
                ..sync::Options::default()
            };
            let source = sources.iter().find(|source| source.name() == job.subject).ok_or_else(|| {
                Error::conflict(
                    format!("{} has no key here", job.subject),
                    "set its key in the environment of `touchline serve`, and start that again",
                )
            })?;
            let report = Box::pin(sync::sync(database, *source, &options, clock, stop, told)).await?;
            if report.state == sync::State::Failed {
                let hint = report.streams.iter().find_map(|receipt| receipt.hint.clone());
                return Err(Error::conflict(
                    report.reason.unwrap_or_else(|| "the sync failed".into()),
                    hint.unwrap_or_else(|| "the receipt says more".into()),
                ));
            }
            Ok(json!({ "run_id": report.run_id, "state": report.state.as_str() }))
        }
        Kind::Reconcile => {
            let found = reconcile::compare(pool, clock.now()).await?;
            Ok(
                json!({ "same": found.same, "different": found.different, "not_comparable": found.not_comparable }),
            )
        }
    }
}

/// Writes progress at a pace, and asks whether a person wants the job to end. Never returns.
async fn write(database: &Database, job: &Job, mut progress: watch::Receiver<Progress>, handle: &StopHandle) {
    loop {
        tokio::time::sleep(PACE).await;
        let Progress { done, total, note } = progress.borrow_and_update().clone();
        let stop: sqlx::Result<Option<bool>> = sqlx::query_scalar(include_str!("progress.sql"))
            .bind(job.id)
            .bind(done)
            .bind(total)
            .bind(note)
            .fetch_optional(database.pool())
            .await;
        match stop {
            Ok(Some(true)) => handle.ask(),
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "progress could not be written"),
        }
    }
}

/// Of how many bytes, where the file is not packed.
async fn total(database: &Database, job: &Job) -> Result<Option<i64>> {
    if !matches!(job.kind, Kind::Import | Kind::ImportCheck) {
        return Ok(None);
    }
    let upload = upload::show(database.pool(), upload_of(job)?).await?;
    Ok((!upload.file_name.ends_with(".gz")).then_some(upload.file_bytes))
}

fn upload_of(job: &Job) -> Result<uuid::Uuid> {
    job.subject.parse().map_err(|_| Error::invalid("the job names no upload", "give the file again"))
}
