//! The arguments of `replies`, `queue` and `rules`.

use clap::{Args, Subcommand};
use engine::funnel::Channel;
use engine::keyset::After;
use engine::queue::Item;
use uuid::Uuid;

use super::times::{When, when};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Replies {
    #[command(subcommand)]
    pub(crate) command: Option<ReplyCommand>,
    /// Only since: 24h, 7d, yesterday, a date (else 30 days, and every unknown sender)
    #[arg(long, value_parser = when)]
    pub(crate) since: Option<When>,
    /// Only those nobody is known for
    #[arg(long)]
    pub(crate) unmatched: bool,
    /// Only this channel: email, call, linkedin
    #[arg(long, value_parser = channel)]
    pub(crate) channel: Option<Channel>,
    /// Automatic replies, too
    #[arg(long)]
    pub(crate) all: bool,
    /// Only what nobody has answered
    #[arg(long)]
    pub(crate) waiting: bool,
    /// Who waits longest first, else newest first
    #[arg(long)]
    pub(crate) longest_first: bool,
    /// At most so many
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: i64,
    /// Go on where a page ended
    #[arg(long, value_name = "NEXT")]
    pub(crate) after: Option<After>,
}

#[derive(Subcommand)]
pub(crate) enum ReplyCommand {
    /// It needs no answer of ours any more
    Handled {
        /// Its event, as `replies` shows it
        event: Uuid,
        /// Why
        #[arg(long)]
        note: Option<String>,
    },
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Queue {
    #[command(subcommand)]
    pub(crate) command: QueueCommand,
}

#[derive(Subcommand)]
pub(crate) enum QueueCommand {
    /// It is done
    Done {
        /// Its id, as the queue shows it
        item: Item,
        #[command(flatten)]
        said: Said,
    },
    /// Not this time; it counts as an attempt
    Skip {
        /// Its id, as the queue shows it
        item: Item,
        #[command(flatten)]
        said: Said,
    },
    /// Ask again later
    Snooze {
        /// Its id, as the queue shows it
        item: Item,
        /// Until when: 2h, 3d, tomorrow, a date, a time
        #[arg(long, value_parser = when, default_value = "1d")]
        until: When,
        #[command(flatten)]
        said: Said,
    },
    /// Take a decision back
    Undo {
        /// The decision, as it was told; none: the latest
        decision: Option<Uuid>,
    },
}

/// What a person says with a decision.
#[derive(Args)]
pub(crate) struct Said {
    /// Why
    #[arg(long)]
    pub(crate) note: Option<String>,
    /// What came of it: interested, not-interested, meeting, callback, voicemail, no-answer, …
    #[arg(long)]
    pub(crate) outcome: Option<String>,
}

pub(super) fn channel(text: &str) -> Result<Channel, String> {
    Channel::named(text).ok_or_else(|| "one of: email, call, linkedin".into())
}
