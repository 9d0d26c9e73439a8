//! What time it is in the simulated world: a clock that tests drive by hand, or the machine's own with an offset.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// A clock; clones share the same hands.
#[derive(Debug, Clone)]
pub struct Clock {
    ticking: bool,
    /// Milliseconds since 1970 for a fixed clock, the offset from the machine's time for a ticking one.
    milliseconds: Arc<AtomicI64>,
}

impl Clock {
    /// Stands still at `at` until someone advances it.
    pub fn fixed(at: Timestamp) -> Self {
        Clock { ticking: false, milliseconds: Arc::new(AtomicI64::new(at.as_millisecond())) }
    }

    /// The machine's time; advancing adds an offset.
    pub fn system() -> Self {
        Clock { ticking: true, milliseconds: Arc::new(AtomicI64::new(0)) }
    }

    /// The time it shows, in whole milliseconds as the vendor writes them.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.milliseconds()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Moves the hands forward.
    pub fn advance(&self, by: Duration) {
        self.milliseconds.fetch_add(by.as_millis() as i64, Ordering::SeqCst);
    }

    pub(crate) fn milliseconds(&self) -> i64 {
        let hands = self.milliseconds.load(Ordering::SeqCst);
        if self.ticking { Timestamp::now().as_millisecond() + hands } else { hands }
    }
}

pub(crate) const SECOND: i64 = 1_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// ISO 8601 in UTC with milliseconds and `Z`, the only form the vendor's payloads use.
pub(crate) fn stamp(milliseconds: i64) -> String {
    let at = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// The UTC calendar day, `YYYY-MM-DD`.
pub(crate) fn day(milliseconds: i64) -> String {
    let mut text = stamp(milliseconds);
    text.truncate(10);
    text
}

/// Reads a timestamp or a bare date (which means its first instant, as the vendor documents).
pub(crate) fn parse(text: &str) -> Option<i64> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_millisecond());
    }
    let date: jiff::civil::Date = text.parse().ok()?;
    Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

/// Monday to Friday in UTC.
pub(crate) fn is_weekday(milliseconds: i64) -> bool {
    // 1 January 1970 was a Thursday.
    !matches!((milliseconds.div_euclid(DAY) + 4).rem_euclid(7), 0 | 6)
}
