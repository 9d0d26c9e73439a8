//! What stands around every page: theme, clock and zone of the reader, what waits, how fresh it is, what was just done.
//! Leaves the page itself to `pages`.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use engine::overview::{Freshness, Pulse};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::Failure;
use crate::parts::{self, Html};
use crate::session::Actor;
use crate::state::App;
use crate::toast::{self, Toast};

/// A page's surroundings. Taken as an argument by every handler that renders one.
#[derive(Debug, Clone)]
pub(crate) struct Shell {
    /// Chosen by the reader; None: as the system has it.
    pub(crate) theme: Option<&'static str>,
    pub(crate) narrow: bool,
    /// Path and query as asked for.
    pub(crate) here: String,
    pub(crate) now: Timestamp,
    pub(crate) zone: TimeZone,
    pub(crate) pulse: Arc<Pulse>,
    pub(crate) toast: Option<Toast>,
    pub(crate) actor: Option<Actor>,
}

impl FromRequestParts<App> for Shell {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let actor = Actor::from_request_parts(parts, app).await?;
        let pulse = app.live.pulse().await?;
        let bare = Self::bare(parts, app);
        let zone = if cookie(&parts.headers, "tz").is_some() {
            bare.zone
        } else {
            TimeZone::get(&pulse.time_zone).unwrap_or(TimeZone::UTC)
        };
        Ok(Self { pulse, zone, actor: Some(actor), ..bare })
    }
}

impl Shell {
    /// What is known without asking the database: for pages that say what went wrong.
    pub(crate) fn bare(parts: &Parts, app: &App) -> Self {
        let theme = match cookie(&parts.headers, "theme") {
            Some("light") => Some("light"),
            Some("dark") => Some("dark"),
            _ => None,
        };
        let zone = cookie(&parts.headers, "tz").and_then(|zone| {
            let zone = percent_encoding::percent_decode_str(zone).decode_utf8().ok()?;
            TimeZone::get(&zone).ok()
        });
        Self {
            theme,
            narrow: cookie(&parts.headers, "side") == Some("narrow"),
            here: parts.uri.path_and_query().map_or("/", |here| here.as_str()).to_owned(),
            now: app.clock.now(),
            zone: zone.unwrap_or(TimeZone::UTC),
            pulse: Arc::default(),
            toast: toast::of_request(&parts.headers),
            actor: None,
        }
    }

    /// Whether the page asked for is this one or stands below it.
    pub(crate) fn at(&self, page: &str) -> bool {
        let path = self.here.split('?').next().unwrap_or("");
        path == page || (page != "/" && path.strip_prefix(page).is_some_and(|rest| rest.starts_with('/')))
    }

    /// How long ago, or a date past a week; the exact instant on hover.
    pub(crate) fn ago(&self, at: &Timestamp) -> Html {
        parts::time(at, "ago", &parts::ago(*at, self.now, &self.zone), &self.zone)
    }

    /// `09:42`
    pub(crate) fn clock(&self, at: &Timestamp) -> Html {
        parts::time(at, "clock", &parts::format("%H:%M", *at, &self.zone), &self.zone)
    }

    /// `Tue 16 Jun`
    pub(crate) fn day(&self, at: &Timestamp) -> Html {
        parts::time(at, "day", &parts::format("%a %-d %b", *at, &self.zone), &self.zone)
    }

    /// `Tue 16 Jun, 09:42`
    pub(crate) fn full(&self, at: &Timestamp) -> Html {
        parts::time(at, "full", &parts::format("%a %-d %b, %H:%M", *at, &self.zone), &self.zone)
    }

    /// The state of the mirror in three words, and its tone.
    pub(crate) fn freshness(&self) -> (&'static str, String) {
        let sources = &self.pulse.sources;
        let oldest = sources.iter().filter_map(|source| source.walked_to_end_at).min();
        if sources.iter().any(|source| source.failed) {
            return ("bad", "Sync failed".into());
        }
        if sources.iter().any(|source| source.filling) {
            return ("wait", "Filling".into());
        }
        let Some(oldest) = oldest else { return ("idle", "Not synced yet".into()) };
        let hours = self.now.duration_since(oldest).as_hours();
        if hours >= 24 { ("warn", "Behind".into()) } else { ("good", "In step".into()) }
    }

    /// When the least fresh source was walked to its end.
    pub(crate) fn oldest(&self) -> Option<Timestamp> {
        self.pulse.sources.iter().filter_map(|source| source.walked_to_end_at).min()
    }

    /// A source's tone.
    pub(crate) fn tone(&self, source: &Freshness) -> &'static str {
        match source {
            Freshness { failed: true, .. } => "bad",
            Freshness { filling: true, .. } | Freshness { running: true, .. } => "wait",
            Freshness { walked_to_end_at: None, .. } => "idle",
            Freshness { walked_to_end_at: Some(at), .. } if self.now.duration_since(*at).as_hours() >= 24 => {
                "warn"
            }
            Freshness { .. } => "good",
        }
    }
}

/// A cookie's value.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split("; "))
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}
