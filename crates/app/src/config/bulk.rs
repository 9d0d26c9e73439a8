//! The arguments of `bulk`: the same done to many leads. Leaves what each of it means to `engine::bulk`.

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand};
use engine::keyset::After;
use engine::leads::LeadStatus;
use engine::suppressions::Channel;
use uuid::Uuid;

use super::leads::{Matching, words};

#[derive(Subcommand)]
pub(crate) enum Bulk {
    /// Add them to a campaign; whoever must not be contacted stays out
    Add {
        /// Its name or id
        to: String,
        #[command(flatten)]
        whom: Box<Whom>,
    },
    /// Take them out of a campaign
    Remove {
        /// Its name or id
        from: String,
        #[command(flatten)]
        whom: Box<Whom>,
    },
    /// Set how far they came
    SetStatus {
        #[arg(value_parser = words!(LeadStatus), help = "How far")]
        to: LeadStatus,
        #[command(flatten)]
        whom: Box<Whom>,
    },
    /// Never contact them again
    Suppress {
        #[arg(long, default_value = "all", value_parser = words!(Channel), help = "Only on this channel")]
        channel: Channel,
        /// opt-out, do-not-call, complaint, … or a word of yours
        #[arg(long, default_value = "manual")]
        reason: String,
        /// Why, in your words
        #[arg(long)]
        note: Option<String>,
        #[command(flatten)]
        whom: Box<Whom>,
    },
    /// What was done to many, newest first
    List {
        /// At most so many
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=500))]
        limit: i64,
        /// Go on where a page ended
        #[arg(long, value_name = "NEXT")]
        after: Option<After>,
    },
    /// One action, and what became of each
    Show {
        /// Its id
        id: Uuid,
        /// At most so many of them
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=500))]
        limit: i64,
        /// Go on where a page ended
        #[arg(long, value_name = "NEXT")]
        after: Option<Uuid>,
    },
    /// Take an action back for everybody it changed something for; what was done to somebody since stays
    Undo {
        /// Its id
        id: Uuid,
    },
}

/// To whom: some people, or everybody who matches when it is done.
#[derive(Args)]
pub(crate) struct Whom {
    /// E-mail, phone, LinkedIn profile or id; `-`: one a line from standard input
    #[arg(long, num_args = 1.., value_name = "WHO")]
    pub(crate) who: Vec<String>,
    /// Everybody, where nothing narrows it down
    #[arg(long, conflicts_with = "who")]
    pub(crate) everybody: bool,
    #[command(flatten)]
    pub(crate) matching: Matching,
}

impl Bulk {
    /// Whether it changes anything.
    pub(crate) const fn writes(&self) -> bool {
        !matches!(self, Self::List { .. } | Self::Show { .. })
    }
}
