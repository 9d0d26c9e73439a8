//! Pulls a source: every stream from where it stands to its end, with a receipt. Leaves HTTP to the source, storing
//! to `raw`, meaning to `normalise`.
//!
//! A page, the cursor it leads to and the receipt commit together, so a crash anywhere replays at most a batch of
//! pages, and a replay changes nothing. One run a source at a time; a run that was overtaken notices and stops.

mod batch;
mod claim;
mod ending;
mod outage;
pub(crate) mod problem;
mod receipt;
mod runs;
mod status;
mod stop;
mod walk;

use futures::future::join_all;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use uuid::Uuid;

pub(crate) use outage::{ride_out, ride_out_until};
pub use receipt::{Receipt, State};
pub use runs::{ReceiptLine, RunHead, receipt_of, runs};
pub use status::{Backfill, Problem, Status, StreamStatus, status};
pub use stop::{Stop, StopHandle};

use crate::clock::Clock;
use crate::db::Database;
use crate::source::{Lane, Source, Stream};
use crate::{Error, Result, normalise};

/// What to do about a run that was stopped.
const GO_ON: &str = "run `touchline sync` again; it goes on where it stopped";

/// What to pull, and how.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Names of streams; none: all.
    pub streams: Vec<String>,
    /// Walk everything again, also what is known to be complete.
    pub full: bool,
    /// A person's word that more than 5 % of a stream's records may have gone at the vendor.
    pub allow_gone: bool,
    /// Mirror only; what it means is worked out by a later run.
    pub raw_only: bool,
}

/// Is told how a run goes, for progress bars and lines.
pub trait Watch: Sync {
    /// A stream's receipt as it stands now.
    fn receipt(&self, receipt: &Receipt);
}

/// Nobody watches.
pub struct Unwatched;

impl Watch for Unwatched {
    fn receipt(&self, _: &Receipt) {}
}

/// The receipt of one run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub run_id: Uuid,
    pub source: &'static str,
    pub state: State,
    /// Why it stopped or failed, stream by stream.
    pub reason: Option<String>,
    pub started_at: Timestamp,
    pub ended_at: Timestamp,
    pub streams: Vec<Receipt>,
}

/// What every part of a run needs.
pub(crate) struct Run<'a> {
    id: Uuid,
    database: &'a Database,
    source: &'a dyn Source,
    options: &'a Options,
    clock: &'a Clock,
    stop: Stop,
    watch: &'a dyn Watch,
}

/// Pulls the streams that `options` names. Vendor failures end up in the report, not as an error: the other streams
/// still run, and what came is kept.
pub async fn sync(
    database: &Database,
    source: &dyn Source,
    options: &Options,
    clock: &Clock,
    stop: Stop,
    watch: &dyn Watch,
) -> Result<Report> {
    let chosen = chosen(source, options)?;
    let claim = claim::Claim::take(database, source.name()).await?;
    let started_at = clock.now();
    let run = Run { id: Uuid::now_v7(), database, source, options, clock, stop, watch };
    outage::ride_out(database, || claim::begin(database.pool(), &run, started_at)).await?;

    let lanes = [Lane::Plenty, Lane::Scarce].map(|lane| {
        let streams: Vec<&'static Stream> = chosen.iter().copied().filter(|s| s.lane == lane).collect();
        run.lane(streams)
    });
    let mut streams: Vec<Receipt> = join_all(lanes).await.into_iter().flatten().collect();
    streams.sort_by_key(|receipt| source.streams().iter().position(|s| s.name == receipt.stream));
    let understood =
        if options.raw_only { Ok(()) } else { outage::ride_out(database, || run.normalise()).await };

    let mut report = Report {
        run_id: run.id,
        source: source.name(),
        state: overall(&streams),
        reason: reasons(&streams),
        started_at,
        ended_at: clock.now(),
        streams,
    };
    if let Err(error) = &understood {
        report.state = State::Failed;
        report.reason = Some(format!("normalise: {error}"));
    }
    claim::end(database, &report).await?;
    claim.release().await;
    Ok(report)
}

impl Run<'_> {
    /// Streams one after the other. A key that is not accepted at all ends the lane: nothing else would be answered.
    async fn lane(&self, streams: Vec<&'static Stream>) -> Vec<Receipt> {
        let mut receipts: Vec<Receipt> = Vec::with_capacity(streams.len());
        let mut ended_early = None;
        for stream in streams {
            if let Some((state, reason, hint)) = ended_early.clone() {
                receipts.push(self.not_begun(stream, state, reason, hint).await);
                continue;
            }
            let failed_before =
                receipts.iter().find(|r| stream.needs == Some(r.stream) && r.state == State::Failed);
            let (mut receipt, key_is_dead) = walk::walk(self, stream).await;
            if receipt.state == State::Finished
                && receipt.requests == 0
                && let Some(before) = failed_before
            {
                // Nothing to ask for, because what names it did not come: that is no success.
                receipt.state = State::Failed;
                receipt.reason = Some(format!("nothing to ask for: {} failed", before.stream));
                receipt.hint = before.hint.clone();
                self.write(&receipt).await;
            }
            self.watch.receipt(&receipt);
            receipts.push(receipt);
            if key_is_dead {
                ended_early = Some((
                    State::Failed,
                    "not begun: the key is not accepted",
                    receipts.last().and_then(|r| r.hint.clone()),
                ));
                continue;
            }
            if self.stop.is_asked() {
                ended_early =
                    Some((State::Stopped, "not begun: stopped by a person", Some(GO_ON.to_owned())));
                continue;
            }
            if !self.options.raw_only
                && let Err(error) = self.normalise().await
            {
                tracing::warn!(%error, "normalising after {} failed; it is tried again at the end", stream.name);
            }
        }
        receipts
    }

    /// The receipt of a stream that was not walked at all.
    async fn not_begun(&self, stream: &Stream, state: State, reason: &str, hint: Option<String>) -> Receipt {
        let now = self.clock.now();
        let mut receipt = Receipt::new(stream.name, now);
        receipt.state = state;
        receipt.reason = Some(reason.to_owned());
        receipt.hint = hint;
        receipt.ended_at = Some(now);
        self.write(&receipt).await;
        self.watch.receipt(&receipt);
        receipt
    }

    /// Writes a receipt as it stands; where that fails, it is still in the report.
    async fn write(&self, receipt: &Receipt) {
        let written = outage::ride_out(self.database, async || {
            let mut connection = self.database.pool().acquire().await?;
            receipt.write(&mut connection, self.id).await
        });
        if let Err(error) = written.await {
            tracing::error!(%error, stream = receipt.stream, "the receipt could not be written");
        }
    }

    async fn normalise(&self) -> Result<()> {
        normalise::normalise(self.database.pool(), self.clock.now()).await.map(|_| ())
    }
}

fn chosen(source: &dyn Source, options: &Options) -> Result<Vec<&'static Stream>> {
    let streams = source.streams();
    for name in &options.streams {
        if !streams.iter().any(|stream| stream.name == name) {
            let known = streams.iter().map(|s| s.name).collect::<Vec<_>>().join(", ");
            return Err(Error::invalid(
                format!("{} has no stream {name}", source.name()),
                format!("one of: {known}"),
            ));
        }
    }
    let wanted =
        |stream: &&Stream| options.streams.is_empty() || options.streams.iter().any(|n| n == stream.name);
    Ok(streams.iter().filter(wanted).collect())
}

fn overall(streams: &[Receipt]) -> State {
    let any = |state| streams.iter().any(|receipt| receipt.state == state);
    if any(State::Failed) {
        State::Failed
    } else if any(State::Stopped) || any(State::Running) {
        State::Stopped
    } else {
        State::Finished
    }
}

fn reasons(streams: &[Receipt]) -> Option<String> {
    let told: Vec<String> =
        streams.iter().filter_map(|r| Some(format!("{}: {}", r.stream, r.reason.as_ref()?))).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// An instant as a bind parameter.
fn at(instant: Timestamp) -> jiff_sqlx::Timestamp {
    instant.to_sqlx()
}
