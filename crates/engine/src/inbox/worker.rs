//! Keeps understanding what comes in for as long as the server runs. Survives a database that restarts.

use std::time::{Duration, Instant};

use super::forget::forget;
use super::receive::Inbox;
use super::understand::understand;
use crate::Result;
use crate::clock::Clock;
use crate::db::Database;
use crate::normalise::normalise;
use crate::sync::{Stop, ride_out_until};

/// While more than so many deliveries a second come in, receiving them goes first.
const POURING: f64 = 500.0;
/// Then every piece of work is followed by a pause so many times as long, but never longer than `LOOK`.
const GIVES_WAY: u32 = 4;

/// How often to look by itself: others may have put deliveries back, and a connection may have been lost.
const LOOK: Duration = Duration::from_secs(2);
/// How often old deliveries are let go.
const TIDY: Duration = Duration::from_secs(60 * 60);
/// A pause between two rounds, so that a burst is worked through in sets.
const BREATH: Duration = Duration::from_millis(200);

/// Works until it is asked to stop; what waits then is taken up by the next process.
pub async fn work(database: &Database, inbox: &Inbox, clock: &Clock, mut stop: Stop) {
    let mut tidied: Option<Instant> = None;
    while !stop.is_asked() {
        if let Err(error) = round(database, inbox, clock, &stop).await {
            tracing::error!(%error, "deliveries could not be worked through; they wait");
        }
        if tidied.is_none_or(|at| at.elapsed() >= TIDY) {
            tidied = Some(Instant::now());
            match forget(database.pool(), clock.now()).await {
                Ok(0) => {}
                Ok(gone) => {
                    tracing::info!(gone, "old deliveries let go; their records stand in the raw tables")
                }
                Err(error) => {
                    tracing::warn!(%error, "old deliveries could not be let go; tried again in an hour")
                }
            }
        }
        let pause = async {
            let _ = tokio::time::timeout(LOOK, inbox.arrived.notified()).await;
            tokio::time::sleep(BREATH).await;
        };
        tokio::select! {
            () = pause => {}
            () = stop.asked() => return,
        }
    }
}

/// How long deliveries are read before what they mean is worked out: after a kill they are taken up one by one, and working out
/// each by itself would take minutes.
const READING: Duration = Duration::from_secs(1);

/// Everything that waits, and what it means.
async fn round(database: &Database, inbox: &Inbox, clock: &Clock, stop: &Stop) -> Result<()> {
    let mut began = Instant::now();
    let mut tide = Tide::new(inbox);
    while !stop.is_asked() {
        tide.give_way().await;
        let progress =
            ride_out_until(stop, database, async || understand(database.pool(), clock.now()).await).await?;
        if !progress.is_any() {
            break;
        }
        tracing::debug!(understood = progress.understood, set_aside = progress.set_aside, "worked through");
        if began.elapsed() >= READING {
            tide.give_way().await;
            normalised(database, clock, stop).await?;
            began = Instant::now();
        }
    }
    // What an earlier process understood and did not come to normalise.
    normalised(database, clock, stop).await
}

/// What comes in beside the work.
struct Tide<'i> {
    inbox: &'i Inbox,
    looked_at: Instant,
    received: u64,
}

impl<'i> Tide<'i> {
    fn new(inbox: &'i Inbox) -> Self {
        Self { inbox, looked_at: Instant::now(), received: inbox.meter().stored() }
    }

    /// Where deliveries poured in since the last look, waits in proportion to the time since: senders give up on a receiver
    /// that is slow, and what was received can wait. What has been begun is never starved by it.
    async fn give_way(&mut self) {
        let worked = self.looked_at.elapsed();
        let received = self.inbox.meter().stored();
        let rate = (received - self.received) as f64 / worked.as_secs_f64().max(0.01);
        if rate > POURING {
            tokio::time::sleep((worked * GIVES_WAY).min(LOOK)).await;
        }
        self.looked_at = Instant::now();
        self.received = self.inbox.meter().stored();
    }
}

async fn normalised(database: &Database, clock: &Clock, stop: &Stop) -> Result<()> {
    ride_out_until(stop, database, async || normalise(database.pool(), clock.now()).await.map(|_| ())).await
}
