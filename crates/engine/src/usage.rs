//! What a stream costs at the vendor: requests, retries, time spent waiting. Shared by the client and the receipt.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Counters of one stream in one run.
#[derive(Debug, Default)]
pub struct Usage {
    requests: AtomicU64,
    retries: AtomicU64,
    waited_millis: AtomicU64,
}

impl Usage {
    /// A request was sent.
    pub fn request(&self) {
        self.requests.fetch_add(1, Relaxed);
    }

    /// A request is about to be repeated.
    pub fn retry(&self) {
        self.retries.fetch_add(1, Relaxed);
    }

    /// Time was spent waiting for a limit or a back-off.
    pub fn waited(&self, time: Duration) {
        self.waited_millis.fetch_add(time.as_millis() as u64, Relaxed);
    }

    /// Requests, retries, seconds waited.
    pub fn totals(&self) -> (u64, u64, f64) {
        let waited = self.waited_millis.load(Relaxed) as f64 / 1000.0;
        (self.requests.load(Relaxed), self.retries.load(Relaxed), waited)
    }
}
