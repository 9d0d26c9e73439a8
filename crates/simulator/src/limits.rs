//! The vendor's request limits as sliding windows. Knows nothing of what is asked for beyond the path.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Which limits hold. `None` means unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests of the workspace in a second (a sixtieth of `minute`).
    pub per_second: Option<u32>,
    /// Requests of the workspace in a minute.
    pub per_minute: Option<u32>,
    /// Requests to any `/emails` path in a minute.
    pub emails_per_minute: Option<u32>,
    /// How long a minute lasts: tests shorten it to see the limits without waiting for them.
    pub minute: Duration,
}

impl Limits {
    /// No limits.
    pub fn off() -> Self {
        Limits {
            per_second: None,
            per_minute: None,
            emails_per_minute: None,
            minute: Duration::from_secs(60),
        }
    }

    /// What the vendor documents: 100 a second, 6,000 a minute, 20 a minute for e-mails.
    pub fn vendor() -> Self {
        Limits {
            per_second: Some(100),
            per_minute: Some(6_000),
            emails_per_minute: Some(20),
            ..Limits::off()
        }
    }
}

/// The accepted requests that still count.
#[derive(Debug)]
pub(crate) struct Windows {
    pub(crate) limits: Limits,
    all: VecDeque<Instant>,
    emails: VecDeque<Instant>,
}

impl Windows {
    pub(crate) fn new(limits: Limits) -> Self {
        Windows { limits, all: VecDeque::new(), emails: VecDeque::new() }
    }

    /// True if a request to `path` may pass now; refused requests do not count against the window.
    pub(crate) fn admit(&mut self, path: &str) -> bool {
        let now = Instant::now();
        let is_email = path == "/api/v2/emails" || path.starts_with("/api/v2/emails/");
        let minute = self.limits.minute;
        for window in [&mut self.all, &mut self.emails] {
            while window.front().is_some_and(|at| now.duration_since(*at) >= minute) {
                window.pop_front();
            }
        }
        let second = minute / 60;
        let in_second = self.all.iter().rev().take_while(|at| now.duration_since(**at) < second).count();
        let full = |limit: Option<u32>, used: usize| limit.is_some_and(|most| used >= most as usize);
        if full(self.limits.per_second, in_second)
            || full(self.limits.per_minute, self.all.len())
            || (is_email && full(self.limits.emails_per_minute, self.emails.len()))
        {
            return false;
        }
        self.all.push_back(now);
        if is_email {
            self.emails.push_back(now);
        }
        true
    }
}
