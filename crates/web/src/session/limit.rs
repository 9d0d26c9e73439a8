//! How fast a key may ask: a bucket for each, in memory. Leaves a vendor's own limits to the engine.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Instant;

use uuid::Uuid;

/// Requests that a key may save up, and how many come back in a second.
const BURST: f64 = 300.0;
const PER_SECOND: f64 = 100.0;

/// Buckets by key. There are as many as there are keys in use.
#[derive(Default)]
pub(crate) struct KeyLimit(Mutex<HashMap<Uuid, (Instant, f64)>>);

impl KeyLimit {
    /// Takes one request out of a key's bucket; false: it is empty.
    pub(crate) fn take(&self, key: Uuid, now: Instant) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Full buckets say nothing.
        if buckets.len() > 1000 {
            buckets
                .retain(|_, (at, left)| *left + now.duration_since(*at).as_secs_f64() * PER_SECOND < BURST);
        }
        let (at, left) = buckets.entry(key).or_insert((now, BURST));
        *left = (*left + now.duration_since(*at).as_secs_f64() * PER_SECOND).min(BURST);
        *at = now;
        if *left < 1.0 {
            return false;
        }
        *left -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_key_that_asks_too_fast_waits_and_others_do_not() {
        let (limit, now) = (KeyLimit::default(), Instant::now());
        let (fast, slow) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let through = (0..1000).filter(|_| limit.take(fast, now)).count();
        assert_eq!(through, 300);
        assert!(limit.take(slow, now));
        assert!(limit.take(fast, now + Duration::from_millis(10)));
        assert!(!limit.take(fast, now + Duration::from_millis(10)));
    }
}
