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
use engine::{PgPool, Result};
use futures::StreamExt;
use futures::stream::{self, Stream};
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

use crate::session::Actor;
use crate::state::App;

/// How old what pages show at their edge may be.
const FRESH: Duration = Duration::from_secs(2);

/// The last look at the database, shared by all.
pub(crate) struct Live {
    pool: PgPool,
    clock: Clock,
    last: Mutex<Option<(Instant, Arc<Pulse>)>>,
}

impl Live {
    pub(crate) fn new(pool: PgPool, clock: Clock) -> Self {
        Self { pool, clock, last: Mutex::new(None) }
    }

    /// How things stand, looked up anew where the last look is older than [`FRESH`].
    pub(crate) async fn pulse(&self) -> Result<Arc<Pulse>> {
        let mut last = self.last.lock().await;
        if let Some((at, pulse)) = &*last
            && at.elapsed() < FRESH
        {
            return Ok(pulse.clone());
        }
        let pulse = Arc::new(overview::pulse(&self.pool, self.clock.now()).await?);
        *last = Some((Instant::now(), pulse.clone()));
        Ok(pulse)
    }

    /// Something was written by a page: the next look is a new one.
    pub(crate) async fn forget(&self) {
        *self.last.lock().await = None;
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
                Err(_) => ("lost", String::new()),
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
