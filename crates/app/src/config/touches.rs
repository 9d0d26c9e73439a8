//! The arguments of what people do about touches and stops: `log`, `undo`, `link`, `suppress`, `stops`, `check`, ….

use clap::{Args, Subcommand, ValueEnum};
use engine::suppressions::Channel;
use engine::touches::{Interest, Outcome};
use uuid::Uuid;

use super::times::{When, when};

/// What people do about touches and stops.
#[derive(Subcommand)]
pub(crate) enum Touches {
    /// Log a touch that you made: a call, a note, a message; what it means for the person follows at once
    Log(Log),
    /// Take a logged touch back, and everything that followed from it; none: the last one
    Undo {
        /// Its id, as `log` and `timeline --json` show it
        touch: Option<Uuid>,
    },
    /// Say who an unknown sender is; everything from that address follows, now and later
    Link {
        /// The event, as `replies --unmatched` shows it
        event: Uuid,
        /// E-mail, phone, LinkedIn profile or id of the lead; none: say whom it might be
        lead: Option<String>,
        /// Make a new lead of it
        #[arg(long, conflicts_with = "lead")]
        create: bool,
    },
    /// Take a link back; what came from the address waits for its person again
    Unlink {
        /// The event
        event: Uuid,
    },
    /// How a lead stands, by your word: interested, meeting, won, not-interested, wrong-person, lost, no-show, none
    Interest {
        /// E-mail, phone, LinkedIn profile or id of the lead
        lead: String,
        /// A word, or the number of a label of yours
        #[arg(value_parser = interest, allow_hyphen_values = true)]
        interest: Interest,
        /// Only in this campaign (name or id)
        #[arg(long)]
        campaign: Option<String>,
        /// Why
        #[arg(long)]
        note: Option<String>,
    },
    /// Never contact somebody again: a person, an address, a company's domain
    Suppress(Suppress),
    /// Who must not be contacted, since when and why
    Suppressions {
        #[command(subcommand)]
        command: Option<Suppressions>,
    },
    /// What was told where when somebody stopped; what is not acknowledged comes first
    Stops {
        #[command(subcommand)]
        command: Option<Stops>,
        /// Acknowledged ones, too
        #[arg(long)]
        all: bool,
        /// Only of this lead
        #[arg(long)]
        lead: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
    /// Let somebody go on in spite of what stopped them
    Resume {
        /// E-mail, phone, LinkedIn profile or id of the lead
        lead: String,
        /// Only in this campaign (name or id)
        #[arg(long)]
        campaign: Option<String>,
        /// Why
        #[arg(long)]
        note: Option<String>,
    },
    /// Look whether all is as it should be
    Check {
        #[command(subcommand)]
        command: Check,
    },
}

impl Touches {
    /// Whether it changes anything.
    pub(crate) fn writes(&self) -> bool {
        match self {
            Self::Link { lead, create, .. } => lead.is_some() || *create,
            Self::Suppressions { command } => matches!(command, Some(Suppressions::Lift { .. })),
            Self::Stops { command, .. } => command.is_some(),
            Self::Check { .. } => false,
            _ => true,
        }
    }
}

#[derive(Args)]
pub(crate) struct Log {
    /// What it was
    #[arg(value_enum)]
    pub(crate) kind: Kind,
    /// E-mail, phone, LinkedIn profile or id of the lead
    pub(crate) lead: String,
    /// What was said
    pub(crate) text: Vec<String>,
    /// When: now, 2h ago as 2h, a date, a time like 2026-11-20T09:30:00Z
    #[arg(long, value_parser = when)]
    pub(crate) at: Option<When>,
    /// What came of it: interested, not-interested, meeting, callback, wrong-person, wrong-number, do-not-call,
    /// do-not-contact, opt-out, complaint, voicemail, no-answer, busy, failed, other
    #[arg(long, value_parser = outcome)]
    pub(crate) outcome: Option<Outcome>,
    /// They wrote it, not you
    #[arg(long)]
    pub(crate) reply: bool,
    /// Stop everything with this person
    #[arg(long)]
    pub(crate) stop: bool,
    /// When they are due again: tomorrow, 3d, a date
    #[arg(long, value_parser = when, value_name = "DATE")]
    pub(crate) follow_up: Option<When>,
    /// In which campaign (name or id); none: the only one that it can be
    #[arg(long)]
    pub(crate) campaign: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    Call,
    Note,
    Linkedin,
    Email,
}

#[derive(Args)]
pub(crate) struct Suppress {
    /// E-mail, phone, LinkedIn profile, id of a lead, or the domain of a company
    pub(crate) who: String,
    /// all, email, call, linkedin
    #[arg(long, default_value = "all", value_parser = channel)]
    pub(crate) channel: Channel,
    /// opt-out, do-not-call, complaint, … or a word of yours
    #[arg(long, default_value = "manual")]
    pub(crate) reason: String,
    /// Why, in your words
    #[arg(long)]
    pub(crate) note: Option<String>,
    /// Everybody of the person's company, too
    #[arg(long)]
    pub(crate) company: bool,
}

#[derive(Subcommand)]
pub(crate) enum Suppressions {
    /// Newest first
    List {
        /// Only of this person, address or domain
        #[arg(long)]
        who: Option<String>,
        /// Only what forbids this channel
        #[arg(long, value_parser = channel)]
        channel: Option<Channel>,
        /// Only for this reason
        #[arg(long)]
        reason: Option<String>,
        /// Lifted ones, too
        #[arg(long)]
        lifted: bool,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
    /// Allow contact again; imports and syncs never do
    Lift {
        /// Its id
        id: Uuid,
        /// Why
        #[arg(long)]
        why: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum Stops {
    /// You have seen to it yourself at the tool: write the receipt's acknowledgement
    Done {
        /// Its id
        id: Uuid,
        /// What you did
        #[arg(long, default_value = "done by hand")]
        note: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum Check {
    /// Was anybody contacted twice, after an answer, or though suppressed? Exit code 1 if one case has no explanation
    Safety {
        /// Explained cases, too
        #[arg(long)]
        all: bool,
    },
}

fn outcome(word: &str) -> Result<Outcome, String> {
    Outcome::named(word).ok_or_else(|| {
        let words: Vec<String> = Outcome::ALL.iter().map(|one| one.word().replace('_', "-")).collect();
        format!("one of: {}", words.join(", "))
    })
}

fn interest(word: &str) -> Result<Interest, String> {
    Interest::named(word).ok_or_else(|| {
        "one of: interested, meeting, meeting-completed, won, not-interested, wrong-person, lost, no-show, out-of-office, none, \
         or a label's number"
            .into()
    })
}

fn channel(word: &str) -> Result<Channel, String> {
    Channel::named(word).ok_or_else(|| "one of: all, email, call, linkedin".into())
}
