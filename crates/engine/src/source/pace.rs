//! One pace for an account: requests leave evenly spaced, retries among them, and a 429 holds everybody back.
//! Leaves what to ask to the vendors' clients.
//!
//! Even spacing keeps every window of a vendor at once, whether it slides or not.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A queue with a minimum distance between departures.
#[derive(Debug)]
pub(crate) struct Pace {
    gap: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    /// `per_minute` departures a minute; 0: no limit of ours.
    pub(crate) fn per_minute(per_minute: u32) -> Self {
        let gap = if per_minute == 0 { Duration::ZERO } else { Duration::from_secs(60) / per_minute };
        Self { gap, next: Mutex::new(Instant::now()) }
    }

    /// Takes the next free departure and says how long it is until then.
    pub(crate) fn book(&self) -> Duration {
        let now = Instant::now();
        let mut next = self.next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let departure = (*next).max(now);
        *next = departure + self.gap;
        departure - now
    }

    /// Somebody departs now, perhaps later than booked: the next one keeps its distance from now.
    pub(crate) fn depart(&self) {
        self.hold(self.gap);
    }

    /// Nobody departs for this long: the vendor said so.
    pub(crate) fn hold(&self, time: Duration) {
        let mut next = self.next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *next = (*next).max(Instant::now() + time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departures_are_spaced_evenly_and_a_hold_moves_all_of_them() {
        let pace = Pace::per_minute(60);
        assert!(pace.book() < Duration::from_millis(5));
        assert!(pace.book() > Duration::from_millis(900));
        pace.hold(Duration::from_secs(30));
        assert!(pace.book() > Duration::from_secs(29));
    }

    #[test]
    fn a_limit_of_zero_is_no_limit() {
        let pace = Pace::per_minute(0);
        assert!((0..100).all(|_| pace.book() < Duration::from_millis(5)));
    }
}
