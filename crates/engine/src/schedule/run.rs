//! Runs what is due, one job after the other for each source, until it is asked to stop. A failure is written down and
//! tried again later; a database that is away is waited for.

use std::time::Duration;

use futures::future::join_all;

use super::at;
use super::jobs::{JOBS, Job};
use crate::clock::Clock;
use crate::connections;
use crate::db::Database;
use crate::source::Source;
use crate::sync::{self, Options, Report, State, Stop, Watch, ride_out, ride_out_until};
use crate::{Error, Result};

/// How often to look whether something is due.
const LOOK: Duration = Duration::from_secs(1);
/// A pause after a failure of the schedule itself.
const PAUSE: Duration = Duration::from_secs(5);
/// How soon to look again where another run of the source is under way.
const AGAIN_SECONDS: f64 = 30.0;

/// What is told of each job that ended.
#[derive(Debug, Clone)]
pub struct Told {
    pub job: &'static str,
    /// finished, stopped, failed, waiting
    pub state: &'static str,
    pub reason: Option<String>,
    /// None: it did not come to pull.
    pub report: Option<Report>,
    /// Webhooks that were switched on again.
    pub resumed: usize,
}

/// Sources that can be asked, and how fast the clockwork runs.
pub struct Schedule<'a> {
    pub database: &'a Database,
    pub sources: Vec<&'a dyn Source>,
    pub clock: &'a Clock,
    pub watch: &'a dyn Watch,
    /// Everything so many times as often; for the demo.
    pub haste: u32,
    /// Is told of each job that ended.
    pub told: &'a (dyn Fn(&Told) + Sync),
}

impl Schedule<'_> {
    /// Runs what is due, again and again, until it is asked to stop.
    pub async fn run(&self, stop: Stop) {
        let lanes = self.sources.iter().map(|source| async {
            let mut stop = stop.clone();
            while !stop.is_asked() {
                let pause = match self.turn(*source, &stop).await {
                    Ok(true) => continue,
                    Ok(false) => LOOK,
                    Err(error) => {
                        tracing::error!(%error, source = source.name(), "the schedule could not be read; trying again");
                        PAUSE
                    }
                };
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stop.asked() => {}
                }
            }
        });
        join_all(lanes).await;
    }

    /// Runs what is due now, and nothing that becomes due later.
    pub async fn run_due(&self, stop: &Stop) -> Result<()> {
        for source in &self.sources {
            for _ in jobs_of(*source) {
                if !self.turn(*source, stop).await? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// One job of a source, if one is due.
    async fn turn(&self, source: &dyn Source, stop: &Stop) -> Result<bool> {
        let Some(job) = ride_out_until(stop, self.database, || self.begin(source)).await? else {
            return Ok(false);
        };
        let outcome = self.work(job, source, stop.clone()).await;
        let (told, again) = judged(job, outcome, stop);
        ride_out(self.database, async || {
            sqlx::query(include_str!("end.sql"))
                .bind(job.name)
                .bind(told.state)
                .bind(&told.reason)
                .bind(at(self.clock.now()))
                .bind(again)
                .execute(self.database.pool())
                .await?;
            Ok(())
        })
        .await?;
        (self.told)(&told);
        Ok(true)
    }

    /// Takes up what is due, where something is. Every job is in the schedule by then.
    async fn begin(&self, source: &dyn Source) -> Result<Option<&'static Job>> {
        let now = self.clock.now();
        let mut tx = self.database.pool().begin().await?;
        let mut names = Vec::new();
        for (place, job) in JOBS.iter().enumerate().filter(|(_, job)| job.source == source.name()) {
            let seconds = (job.every_minutes * 60 / i64::from(self.haste.max(1))).max(1);
            sqlx::query(include_str!("plan.sql"))
                .bind(job.name)
                .bind(job.source)
                .bind(place as i32)
                .bind(i32::try_from(seconds).unwrap_or(i32::MAX))
                .bind(at(now))
                .execute(&mut *tx)
                .await?;
            names.push(job.name);
        }
        let due: Option<String> = sqlx::query_scalar(include_str!("begin.sql"))
            .bind(names)
            .bind(at(now))
            .fetch_optional(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(due.and_then(|name| JOBS.iter().find(|job| job.name == name)))
    }

    /// Heals, then pulls. What keeps it from healing is told, and does not keep it from pulling.
    async fn work(&self, job: &Job, source: &dyn Source, stop: Stop) -> Result<Worked> {
        let mut worked = Worked::default();
        if job.heals {
            match connections::heal(self.database.pool(), source, self.clock.now()).await {
                Ok(healed) => {
                    worked.resumed = healed.iter().map(|one| one.resumed).sum();
                    worked.reason =
                        healed.into_iter().find_map(|one| one.reason).map(|why| format!("webhooks: {why}"));
                }
                Err(error) => worked.reason = Some(format!("webhooks: {error}")),
            }
        }
        let options = Options {
            streams: job.streams.iter().map(|name| (*name).to_owned()).collect(),
            ..Options::default()
        };
        let (handle, inner) = Stop::new();
        let mut outer = stop;
        let slice = job.slice_minutes.map(|minutes| Duration::from_secs(minutes * 60));
        let limit = async {
            let slice = async {
                match slice {
                    Some(slice) => tokio::time::sleep(slice).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = slice => {}
                () = outer.asked() => {}
            }
            handle.ask();
            std::future::pending::<()>().await
        };
        let pulled = Box::pin(sync::sync(self.database, source, &options, self.clock, inner, self.watch));
        let report = tokio::select! {
            report = pulled => report?,
            () = limit => return Ok(worked),
        };
        worked.report = Some(report);
        Ok(worked)
    }
}

/// What became of a job before it is judged.
#[derive(Default)]
struct Worked {
    report: Option<Report>,
    resumed: usize,
    reason: Option<String>,
}

fn jobs_of(source: &dyn Source) -> impl Iterator<Item = &'static Job> {
    JOBS.iter().filter(move |job| job.source == source.name())
}

/// How it ended, and after how many seconds it goes on, where that is before its turn.
fn judged(job: &Job, outcome: Result<Worked>, stop: &Stop) -> (Told, Option<f64>) {
    let mut told = Told { job: job.name, state: "finished", reason: None, report: None, resumed: 0 };
    let worked = match outcome {
        Ok(worked) => worked,
        Err(error @ Error::Conflict { .. }) => {
            told.state = "waiting";
            told.reason = Some(error.to_string());
            return (told, Some(AGAIN_SECONDS));
        }
        Err(error) => {
            told.state = "failed";
            told.reason = Some(error.to_string());
            return (told, None);
        }
    };
    told.resumed = worked.resumed;
    let pulled = worked.report.as_ref().map_or(State::Stopped, |report| report.state);
    told.reason = worked.reason.or_else(|| worked.report.as_ref().and_then(|report| report.reason.clone()));
    told.report = worked.report;
    let mut again = None;
    match pulled {
        State::Finished if told.reason.is_none() => {}
        State::Finished | State::Failed => told.state = "failed",
        State::Stopped | State::Running => {
            told.state = "stopped";
            // Its time was up, or the server ends: it goes on when the others had their turn. Stopped by the brake, it
            // waits for a person, and so for its turn.
            let in_the_middle = job.slice_minutes.is_some() || stop.is_asked();
            again = in_the_middle.then_some(1.0);
        }
    }
    (told, again)
}
