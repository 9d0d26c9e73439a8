//! The arguments of `replies`, `queue` and `rules`.

use clap::{Args, Subcommand};
use engine::funnel::Channel;
use engine::keyset::After;
use engine::queue::Item;
use engine::queue::rules::Change;
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
    pub(crate) command: Option<QueueCommand>,
    /// Due until: now, today, tomorrow, week, a date
    #[arg(long, value_parser = when, default_value = "today")]
    pub(crate) due: When,
    /// Only this channel: email, call, linkedin
    #[arg(long, value_parser = channel)]
    pub(crate) channel: Option<Channel>,
    /// Only this campaign: its name or id
    #[arg(long)]
    pub(crate) campaign: Option<String>,
    /// Those that are not due, and what each waits for
    #[arg(long)]
    pub(crate) waiting: bool,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: i64,
    /// Go on where a page ended
    #[arg(long, value_name = "NEXT")]
    pub(crate) after: Option<After>,
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
    /// When they are due again, as agreed: 3d, a date; with an outcome
    #[arg(long, value_name = "WHEN", value_parser = when)]
    pub(crate) follow_up: Option<When>,
}

#[derive(Subcommand)]
pub(crate) enum Rules {
    /// The rules of a campaign, or the default ones
    Show {
        /// Its name or id
        campaign: Option<String>,
    },
    /// Set rules, such as call.after_days=3 call.hours=09:00-17:00 call.weekdays=mon-fri linkedin.daily_limit=default
    Set {
        /// Its name or id, or `default`
        campaign: String,
        #[arg(required = true, value_name = "CHANNEL.RULE=VALUE")]
        rules: Vec<Change>,
    },
}

pub(super) fn channel(text: &str) -> Result<Channel, String> {
    Channel::named(text).ok_or_else(|| "one of: email, call, linkedin".into())
}
