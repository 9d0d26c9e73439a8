//! Arguments and environment. The only place that reads either.

mod arguments;
mod bulk;
mod campaigns;
mod connections;
mod funnel;
mod instantly;
mod invocation;
mod leads;
mod people;
mod queue;
mod times;
mod touches;
mod vapi;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use engine::Error;

pub(crate) use arguments::{Import, Imports, Lead, Raw, Settings, Sync};
pub(crate) use bulk::{Bulk, Whom};
pub(crate) use campaigns::{Campaign, Company, Offer};
pub(crate) use connections::{Add, Connections, Deliveries, Place, Serve, USUAL, Up};
pub(crate) use funnel::{Funnel, Since};
pub(crate) use instantly::Instantly;
pub(crate) use invocation::Invocation;
pub(crate) use leads::{List, Matching, Which};
pub(crate) use people::{Audit, Key, User};
pub(crate) use queue::{Queue, QueueCommand, Replies, ReplyCommand, Rules, Said};
pub(crate) use touches::{Check, Kind, Log, Stops, Suppress, Suppressions, Touches};
pub(crate) use vapi::Vapi;

/// What a sync can be told by the environment.
const SYNC_HELP: &str = "\
Settings, from the environment:
  INSTANTLY_API_KEY              v2 key; all:read sees everything
  INSTANTLY_API_URL              another address of the API
  INSTANTLY_EMAILS_PER_MINUTE    requests for e-mails (17 of the vendor's 20; other tools share them; 0: no limit)
  INSTANTLY_REQUESTS_PER_MINUTE  all requests (5000 of 6000; 0: no limit)
  INSTANTLY_TIMEOUT_SECONDS      longest wait for an answer (60)
  INSTANTLY_RETRIES              repeats of one request before it counts as failed (8)
  INSTANTLY_RETRY_PAUSE_MS       first pause before a repeat; doubles each time (500)
  VAPI_API_KEY                   private key of the organisation
  VAPI_API_URL, VAPI_REQUESTS_PER_MINUTE (85), VAPI_TIMEOUT_SECONDS (60), VAPI_RETRIES (5), VAPI_RETRY_PAUSE_MS (2000)
                                 the same for Vapi, which keeps calls for 14 days: pull them at least weekly

Exit codes: 0 everything the vendor has is here, 1 something failed, 2 wrong arguments, 3 stopped, and the next run
goes on.";

/// Every touch with every lead, in your own PostgreSQL.
#[derive(Parser)]
#[command(name = "touchline", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(flatten)]
    pub(crate) instantly: Instantly,
    #[command(flatten)]
    pub(crate) vapi: Vapi,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Args)]
pub(crate) struct Global {
    /// The database; none: a private local PostgreSQL
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true, help_heading = "Everywhere")]
    database_url: Option<String>,
    /// Where the private local PostgreSQL lives
    #[arg(long, env = "TOUCHLINE_HOME", global = true, help_heading = "Everywhere")]
    home: Option<PathBuf>,
    /// Where PostgreSQL's server programs are, if they are not found
    #[arg(long, env = "TOUCHLINE_POSTGRES_BIN", global = true, help_heading = "Everywhere")]
    postgres_bin: Option<PathBuf>,
    /// Print one JSON document instead of text
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub(crate) json: bool,
    /// What to log to standard error, e.g. debug
    #[arg(
        long,
        env = "TOUCHLINE_LOG",
        default_value = "warn,sqlx=error",
        global = true,
        help_heading = "Everywhere"
    )]
    pub(crate) log: String,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Bring it up: with INSTANTLY_API_KEY a first sync, without it the demo
    #[command(after_help = SYNC_HELP)]
    Up(Up),
    /// Fill the database from a simulated Instantly and show what there is to see
    Demo {
        /// Mix the demo into a database that holds other data
        #[arg(long)]
        into_existing: bool,
        /// Empty the demo's database instead
        #[arg(long, conflicts_with = "into_existing")]
        clear: bool,
        /// Fill and show, then end; so does any run without a terminal
        #[arg(long)]
        once: bool,
        #[command(flatten)]
        serve: Serve,
    },
    /// Pull what is new at the vendors, with a receipt
    #[command(after_help = SYNC_HELP)]
    Sync(Sync),
    /// How fresh everything is, and what needs a look
    Status,
    /// Import lists (CSV, any dialect, also .gz): people and companies, with sums that add up
    Import(Import),
    /// What was imported, row by row; take it back
    Imports {
        #[command(subcommand)]
        command: Imports,
    },
    /// Who answered, on every channel; what needs a person first
    Replies(Replies),
    /// What is due, on which channel and why now; what people decide about it
    Queue(Queue),
    /// Campaigns: make, edit, link, members, the words of their steps
    Campaign {
        #[command(subcommand)]
        command: Campaign,
    },
    /// Offers: make, edit, what came of them
    Offer {
        #[command(subcommand)]
        command: Offer,
    },
    /// Companies: their people, and what happened with them
    Company {
        #[command(subcommand)]
        command: Company,
    },
    /// When campaigns call and write on LinkedIn: days, tries, hours, limits
    Rules {
        #[command(subcommand)]
        command: Rules,
    },
    #[command(flatten)]
    Touches(Touches),
    /// One person's touches over all channels, newest first
    Timeline {
        /// Any address the person is known by
        email: String,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
    /// Which campaign, offer, step, channel or week works; every number opens its rows
    Funnel(Funnel),
    /// Facts about this database that people set
    Settings {
        #[command(subcommand)]
        command: Settings,
    },
    /// One person: company, state per campaign, touches
    Lead {
        #[command(subcommand)]
        command: Lead,
    },
    /// The same done to many: into a campaign or out, a status, never to be contacted; taken back as a whole
    Bulk {
        #[command(subcommand)]
        command: Bulk,
    },
    /// What a vendor said, as it is kept
    Raw {
        #[command(subcommand)]
        command: Raw,
    },
    /// Long work that pages and programs asked for, with its progress
    Jobs {
        /// How many
        #[arg(long, default_value_t = 20)]
        limit: i64,
    },
    /// Compare our totals with the vendor's own counters, and say why they differ; 1 where nothing explains it
    Reconcile {
        /// Also what matches
        #[arg(long)]
        all: bool,
    },
    /// Work leads, campaigns and events out anew from raw, and say what came out differently
    Rebuild {
        /// Look only, change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Bring the database to the current schema; tables made by hand are adopted
    Migrate {
        /// Print the plan, change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Open psql on the database in use
    Psql {
        /// Passed on to psql
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<std::ffi::OsString>,
    },
    /// Answer HTTP: webhooks, /health, /metrics, /api/v1/status; understand what came
    Serve(Serve),
    /// Who may send webhooks: addresses and secrets
    Connections {
        #[command(subcommand)]
        command: Connections,
    },
    /// Webhook deliveries as they came; what could not be read
    Deliveries {
        #[command(subcommand)]
        command: Deliveries,
    },
    /// Who may enter, and as what
    User {
        #[command(subcommand)]
        command: User,
    },
    /// Keys by which programs enter the API
    Key {
        #[command(subcommand)]
        command: Key,
    },
    /// Who did what: every write over pages, API and commands
    Audit(Audit),
    /// Print the schema as a page, made from the comments on its tables
    Schema,
}

impl Global {
    /// How to open the database.
    pub(crate) fn database(&self) -> engine::Result<engine::db::Settings> {
        let mut settings = engine::db::Settings::new(self.home()?);
        settings.url = self.database_url.clone().filter(|url| !url.trim().is_empty());
        settings.server_dir = self.postgres_bin.clone();
        settings.path = std::env::var_os("PATH");
        Ok(settings)
    }

    /// Touchline's own folder. A server run as root drops to another user, who cannot enter root's home.
    fn home(&self) -> engine::Result<PathBuf> {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(home) = self.home.clone().filter(|home| !home.as_os_str().is_empty()) {
            return std::path::absolute(&home).map_err(|error| {
                Error::invalid(format!("TOUCHLINE_HOME cannot be used: {error}"), "give an absolute path")
            });
        }
        if engine::db::local::effective_uid()? == 0 {
            return Ok("/var/lib/touchline".into());
        }
        set("XDG_DATA_HOME")
            .or_else(|| set("HOME").map(|home| home.join(".local/share")))
            .map(|data| data.join("touchline"))
            .ok_or_else(|| {
                Error::invalid(
                    "neither HOME nor XDG_DATA_HOME is set",
                    "set TOUCHLINE_HOME to a folder of yours",
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::Cli;

    /// A switch (`bool`) in a place takes no value, and clap finds nothing wrong with it before somebody gives one.
    #[test]
    fn every_place_of_every_command_takes_a_value() {
        fn look(command: &Command) {
            for place in command.get_positionals() {
                assert!(place.get_action().takes_values(), "{} of {}", place.get_id(), command.get_name());
            }
            command.get_subcommands().for_each(look);
        }
        let command = Cli::command();
        command.clone().debug_assert();
        look(&command);
    }
}
