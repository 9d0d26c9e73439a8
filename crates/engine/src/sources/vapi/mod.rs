//! Vapi: its streams as a table, and how each is paged. Leaves HTTP to `client`, what a call says to `facts`, messages to
//! `webhook`, what it all means to `normalise/*.sql`.

mod facts;
mod reasons;
mod redact;
#[expect(dead_code, reason = "the list of calls lands next")]
mod tables;
mod webhook;

pub use redact::redact;
pub use webhook::understand;

use crate::raw::RawTable;
use crate::source::{Step, Stream};

/// Column value, folder, argument.
pub const NAME: &str = "vapi";

/// Raw tables that come by webhook.
pub const WEBHOOK_TABLES: &[&RawTable] =
    &[&tables::MESSAGES, &tables::CALLS, &tables::CAMPAIGNS, &tables::ASSISTANTS, &tables::PHONE_NUMBERS];

pub const STREAMS: &[Stream] = &[];

/// From raw to normalised, in order; each runs over what changed and may be run again at any time.
pub const STEPS: &[Step] = &[
    Step::new("call campaigns", include_str!("normalise/10_campaigns.sql")),
    Step::new("phone numbers", include_str!("normalise/20_phones.sql")),
    Step::new("calls", include_str!("normalise/30_events.sql")),
    Step::new("call troubles", include_str!("normalise/40_troubles.sql")),
];
