//! News without a reload: one look at the database every two seconds, however many pages are open, and a stream of
//! server-sent events (`GET /live`) that says when something is new. Pages then take what they need by themselves.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use engine::clock::Clock;
use engine::overview::{self, Pulse};
use engine::{PgPool, Result, queue};
use futures::StreamExt;
use futures::stream::{self, Stream};
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

use crate::session::Actor;
use crate::state::App;

/// How old what pages show at their edge may be.
const FRESH: Duration = Duration::from_secs(2);

/// How old the count of the queue may be: it takes longer than the rest.
const DUE_FRESH: Duration = Duration::from_secs(20);
/// How long a page waits for a new count; then it shows the one before.
const DUE_PATIENCE: Duration = Duration::from_millis(150);

/// The last look at the database, shared by all.
pub(crate) struct Live {
    pool: PgPool,
    clock: Clock,
    last: Mutex<Option<(Instant, Arc<Pulse>)>>,
    due: Arc<std::sync::Mutex<Due>>,
}

/// How much the queue has for today, as last counted.
#[derive(Default)]
struct Due {
    count: i64,
    at: Option<Instant>,
    under_way: bool,
}

impl Live {
    pub(crate) fn new(pool: PgPool, clock: Clock) -> Self {
        Self { pool, clock, last: Mutex::new(None), due: Arc::default() }
    }

    /// How things stand, looked up anew where the last look is older than [`FRESH`].
    pub(crate) async fn pulse(&self) -> Result<Arc<Pulse>> {
        let mut last = self.last.lock().await;
        if let Some((at, pulse)) = &*last
            && at.elapsed() < FRESH
        {
            return Ok(pulse.clone());
        }
        let mut pulse = overview::pulse(&self.pool, self.clock.now()).await?;
        pulse.due = self.due().await;
        let pulse = Arc::new(pulse);
        *last = Some((Instant::now(), pulse.clone()));
        Ok(pulse)
    }

    /// Something was written by a page: the next look is a new one.
    pub(crate) async fn forget(&self) {
        *self.last.lock().await = None;
        self.counted().at = None;
    }

    /// How much is due, counted beside whoever asks.
    async fn due(&self) -> i64 {
        let is_due = {
            let mut due = self.counted();
            let is_old = due.at.is_none_or(|at| at.elapsed() >= DUE_FRESH) && !due.under_way;
            due.under_way |= is_old;
            is_old
        };
        if is_due {
            let (pool, now, due) = (self.pool.clone(), self.clock.now(), self.due.clone());
            let work = tokio::spawn(async move {
                let count = queue::due_today(&pool, now).await;
                let mut due = due.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                due.under_way = false;
                // Where it cannot be counted, the page itself says why.
                if let Ok(count) = count {
                    (due.count, due.at) = (count, Some(Instant::now()));
                }
            });
            let _ = tokio::time::timeout(DUE_PATIENCE, work).await;
        }
        self.counted().count
    }

    fn counted(&self) -> std::sync::MutexGuard<'_, Due> {
        self.due.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Turns true when the server is about to stop.
#[derive(Debug, Clone)]
pub(crate) struct Closing(pub(crate) watch::Receiver<bool>);

/// `GET /live`: an event `news` whenever something was written that pages show, `lost` while the database is away.
pub(crate) async fn news(
    _: Actor,
    State(app): State<App>,
    closing: Option<Extension<Closing>>,
) -> Sse<impl Stream<Item = std::result::Result<Event, Infallible>>> {
    let seen: Option<String> = None;
    let events = stream::unfold((app.live, seen), |(live, seen)| async move {
        loop {
            // The first event tells a page that was away whether it is behind.
            if seen.is_some() {
                tokio::time::sleep(FRESH).await;
            }
            let (name, token) = match live.pulse().await {
                Ok(pulse) => ("news", pulse.token.clone()),
                // Browsers drop an event without data.
                Err(_) => ("lost", "the database does not answer".into()),
            };
            if seen.as_deref() != Some(&token) {
                let event = Event::default().event(name).data(&token);
                return Some((Ok(event), (live, Some(token))));
            }
        }
    });
    let closed = async move {
        match closing {
            Some(Extension(Closing(mut closing))) => drop(closing.wait_for(|closing| *closing).await),
            None => std::future::pending().await,
        }
    };
    let events = events.take_until(Box::pin(closed));
    Sse::new(events).keep_alive(KeepAlive::default())
}
