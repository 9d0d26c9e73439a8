//! What a simulator is started with: seed, size, clock, limits and rights.

use crate::{Clock, Limits, Manners};

/// How to start a simulator. The default is a small, fixed, unlimited world.
#[derive(Debug, Clone)]
pub struct Options {
    /// The same seed and the same clock give the same world, byte for byte.
    pub seed: u64,
    /// How much is in it.
    pub size: Size,
    /// The time in the world; its history covers the 45 days before.
    pub clock: Clock,
    /// Request limits, off by default.
    pub limits: Limits,
    /// Every full page of e-mails after which more follow lets a new one arrive at the front of the list.
    pub page_shift: bool,
    /// Somebody has listened to Instantly's webhooks from the first day: the log has every delivery of the history.
    pub listened: bool,
    /// A LinkedIn tool works beside the mail.
    pub linkedin: bool,
    /// People open mails again and again, as they do: more to look at.
    pub lively: bool,
    /// How deliveries go wrong on their way.
    pub manners: Manners,
    /// The bearer key that Instantly's part accepts.
    pub key: String,
    /// The bearer key that Vapi's part accepts.
    pub vapi_key: String,
    /// The scopes of Instantly's key, such as `emails:read`.
    pub scopes: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            seed: 1,
            size: Size::small(),
            // Monday, 23 November 2026, nine o'clock in UTC.
            clock: Clock::fixed(jiff::Timestamp::constant(1_795_424_400, 0)),
            limits: Limits::off(),
            page_shift: false,
            listened: false,
            linkedin: false,
            lively: false,
            manners: Manners::default(),
            key: "c2ltdWxhdG9yOm5vdC1hLXJlYWwta2V5".to_owned(),
            vapi_key: "made-up-private-key-of-the-other-vendor".to_owned(),
            scopes: vec!["all:all".to_owned()],
        }
    }
}

/// How much a world holds. Counts of mails follow from the leads and their sequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Running campaigns; one draft comes on top.
    pub campaigns: usize,
    /// Leads over all campaigns.
    pub leads: usize,
    /// Sending mailboxes.
    pub accounts: usize,
    /// Steps a sequence has at most.
    pub steps: usize,
    /// For measuring: this many made-up e-mails of about so many bytes, instead of lived ones.
    pub bulk: Option<(usize, usize)>,
}

impl Size {
    /// Two campaigns and a draft, 40 leads, about 90 e-mails.
    pub fn small() -> Self {
        Size { campaigns: 2, leads: 40, accounts: 4, steps: 3, bulk: None }
    }

    /// Three campaigns and a draft, about 500 leads, about 2,000 e-mails: something to look at.
    pub fn demo() -> Self {
        Size { campaigns: 3, leads: 500, accounts: 9, steps: 4, bulk: None }
    }

    /// One campaign, few leads, and `count` e-mails of about `bytes` bytes each, made when they are asked for.
    pub fn mails(count: usize, bytes: usize) -> Self {
        Size { campaigns: 1, leads: 100, accounts: 4, steps: 3, bulk: Some((count, bytes)) }
    }
}
