//! Everything that runs by itself, as a list. Leaves when to `run`, and what a stream is to the sources.

/// Something that runs by itself while a server is up.
#[derive(Debug)]
pub struct Job {
    pub name: &'static str,
    pub source: &'static str,
    pub every_minutes: i64,
    /// Looks after the webhooks at the vendor first.
    pub heals: bool,
    /// Streams it pulls; none: all of the source.
    pub streams: &'static [&'static str],
    /// After so many minutes the others get their turn, and it goes on from where it stopped. For feeds only: a walk
    /// over a whole list that was broken off is followed by another from its beginning.
    pub slice_minutes: Option<u64>,
}

/// Every job, in the order they take where several are due.
pub const JOBS: &[Job] = &[
    Job {
        name: "instantly_lists",
        source: "instantly",
        every_minutes: 24 * 60,
        heals: false,
        streams: &[
            "campaigns",
            "campaign_analytics",
            "accounts",
            "leads",
            "block_list",
            "daily_analytics",
            "step_analytics",
        ],
        slice_minutes: None,
    },
    Job {
        name: "instantly_mail",
        source: "instantly",
        every_minutes: 5,
        heals: false,
        streams: &["emails", "email_details"],
        slice_minutes: Some(4),
    },
    Job {
        name: "instantly_heal",
        source: "instantly",
        every_minutes: 5,
        heals: true,
        streams: &["webhook_events"],
        slice_minutes: Some(4),
    },
    Job {
        name: "instantly_counters",
        source: "instantly",
        every_minutes: 60,
        heals: false,
        streams: &["campaigns", "campaign_analytics", "accounts", "block_list"],
        slice_minutes: None,
    },
    Job {
        name: "vapi_calls",
        source: "vapi",
        every_minutes: 5,
        heals: false,
        streams: &[],
        slice_minutes: None,
    },
];
