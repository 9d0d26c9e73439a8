//! Arguments and environment. The only place that reads either.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use engine::Error;
use engine::sources::instantly;
use jiff::Timestamp;

/// Every touch with every lead, in your own PostgreSQL.
#[derive(Parser)]
#[command(name = "touchline", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(flatten)]
    pub(crate) instantly: Instantly,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Args)]
pub(crate) struct Global {
    /// The database; none: a private local PostgreSQL
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    database_url: Option<String>,
    /// Where the private local PostgreSQL lives
    #[arg(long, env = "TOUCHLINE_HOME", global = true)]
    home: Option<PathBuf>,
    /// Where PostgreSQL's server programs are, if they are not found
    #[arg(long, env = "TOUCHLINE_POSTGRES_BIN", global = true)]
    postgres_bin: Option<PathBuf>,
    /// Print one JSON document instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// What to log to standard error, e.g. debug
    #[arg(long, env = "TOUCHLINE_LOG", default_value = "warn,sqlx=error", global = true)]
    pub(crate) log: String,
}

/// How to reach Instantly.
#[derive(Args)]
pub(crate) struct Instantly {
    #[arg(
        long = "instantly-api-key",
        env = "INSTANTLY_API_KEY",
        hide = true,
        hide_env_values = true,
        global = true
    )]
    pub(crate) api_key: Option<String>,
    #[arg(
        long = "instantly-api-url",
        env = "INSTANTLY_API_URL",
        default_value = "https://api.instantly.ai",
        hide = true,
        global = true
    )]
    api_url: String,
    #[arg(
        long = "instantly-requests-per-minute",
        env = "INSTANTLY_REQUESTS_PER_MINUTE",
        default_value_t = 5000,
        hide = true,
        global = true
    )]
    requests_per_minute: u32,
    #[arg(
        long = "instantly-emails-per-minute",
        env = "INSTANTLY_EMAILS_PER_MINUTE",
        default_value_t = 17,
        hide = true,
        global = true
    )]
    pub(crate) emails_per_minute: u32,
    #[arg(
        long = "instantly-timeout-seconds",
        env = "INSTANTLY_TIMEOUT_SECONDS",
        default_value_t = 60,
        hide = true,
        global = true
    )]
    timeout_seconds: u64,
    #[arg(
        long = "instantly-retries",
        env = "INSTANTLY_RETRIES",
        default_value_t = 8,
        hide = true,
        global = true
    )]
    retries: usize,
    #[arg(
        long = "instantly-retry-pause-ms",
        env = "INSTANTLY_RETRY_PAUSE_MS",
        default_value_t = 500,
        hide = true,
        global = true
    )]
    retry_pause_ms: u64,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Bring it up: with INSTANTLY_API_KEY a first sync, without it the demo
    Up,
    /// Fill the database from a simulated Instantly and show what there is to see
    Demo {
        /// Mix the demo into a database that holds other data
        #[arg(long)]
        into_existing: bool,
        /// Empty the demo's database instead
        #[arg(long, conflicts_with = "into_existing")]
        clear: bool,
    },
    /// Pull what is new at the vendors, with a receipt
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
    /// Who answered, newest first
    Replies {
        /// Only those nobody is known for
        #[arg(long)]
        unmatched: bool,
        /// At most so many
        #[arg(long, default_value_t = 20)]
        limit: i64,
    },
    /// One person's touches over all channels, newest first
    Timeline {
        /// Any address the person is known by
        email: String,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
    /// One person: company, state per campaign, touches
    Lead {
        #[command(subcommand)]
        command: Lead,
    },
    /// What a vendor said, as it is kept
    Raw {
        #[command(subcommand)]
        command: Raw,
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
    /// Print the schema as a page, made from the comments on its tables
    Schema,
}

#[derive(Args, Default)]
pub(crate) struct Sync {
    /// Vendor: instantly
    #[arg(value_parser = ["instantly"], default_value = "instantly")]
    pub(crate) source: String,
    /// Only this stream (may be repeated); `touchline status` names them
    #[arg(long = "stream")]
    pub(crate) streams: Vec<String>,
    /// Walk everything again, also what is known to be complete
    #[arg(long)]
    pub(crate) full: bool,
    /// Yes, more than 5 % of a stream's records were deleted at the vendor
    #[arg(long)]
    pub(crate) allow_gone: bool,
    /// Mirror only; leave working out what it means to the next sync
    #[arg(long)]
    pub(crate) raw_only: bool,
}

#[derive(Args)]
pub(crate) struct Import {
    /// The files; `-` is standard input
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Say what would happen, row by row, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// A saved mapping to use; together with --map, the name to save it under
    #[arg(long, value_name = "NAME")]
    pub(crate) mapping: Option<String>,
    /// What a column means (may be repeated); `Header=ignore` keeps it as it is
    #[arg(long, value_name = "HEADER=FIELD", value_parser = meaning)]
    pub(crate) map: Vec<(String, Option<engine::import::Field>)>,
    /// Fields that replace what is there; all others only fill blanks
    #[arg(long, value_name = "FIELD", num_args = 1.., value_delimiter = ',')]
    pub(crate) overwrite: Vec<String>,
    /// Read a file again that was imported before
    #[arg(long)]
    pub(crate) again: bool,
}

#[derive(Subcommand)]
pub(crate) enum Imports {
    /// Imports, newest first
    List {
        /// At most so many
        #[arg(long, default_value_t = 20)]
        limit: i64,
    },
    /// One import: its sums, what each column was taken for, the rows that need a look
    Show {
        /// Its id, or the beginning of it
        id: String,
        /// Rows of this outcome: new, updated, unchanged, duplicate, rejected
        #[arg(long)]
        outcome: Option<String>,
        /// At most so many rows
        #[arg(long, default_value_t = 20)]
        limit: i64,
    },
    /// The refused rows as CSV, with the reason: mend them and import them again
    Rejects {
        /// Its id, or the beginning of it
        id: String,
    },
    /// Take an import back; what was touched since stays
    Undo {
        /// Its id, or the beginning of it
        id: String,
    },
    /// Import a file once more after an undo, from the bytes that are kept
    Redo {
        /// Its id, or the beginning of it
        id: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum Lead {
    /// Who the person is, how far each campaign has come, and what was said
    Show {
        /// Any address the person is known by
        email: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum Raw {
    /// One record, now, at a time, or the difference between two times
    Show {
        /// Raw table, e.g. instantly_leads_raw
        table: String,
        /// The vendor's key of the record
        key: String,
        /// How it stood then (RFC 3339, or a date)
        #[arg(long, value_parser = instant)]
        as_of: Option<Timestamp>,
        /// What changed between two times
        #[arg(long, num_args = 2, value_names = ["T1", "T2"], value_parser = instant, conflicts_with = "as_of")]
        diff: Option<Vec<Timestamp>>,
    },
}

/// `Header=field`; the header may hold `=` too.
fn meaning(text: &str) -> Result<(String, Option<engine::import::Field>), String> {
    let (header, field) = text.rsplit_once('=').ok_or("write it as 'Header=field'")?;
    if field == "ignore" {
        return Ok((header.into(), None));
    }
    match engine::import::Field::named(field) {
        Some(field) => Ok((header.into(), Some(field))),
        None => {
            let known: Vec<&str> = engine::import::FIELDS.iter().map(|(name, _)| *name).collect();
            Err(format!("there is no field `{field}`; one of: {}, ignore", known.join(", ")))
        }
    }
}

/// An instant, or a date (then its first moment in UTC).
fn instant(text: &str) -> Result<Timestamp, String> {
    engine::raw::parse_timestamp(text)
        .or_else(|| engine::raw::parse_timestamp(&format!("{text}T00:00:00Z")))
        .ok_or_else(|| "no time like 2026-11-20T09:30:00Z or 2026-11-20".into())
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

impl Instantly {
    /// How to reach the workspace; an error where no key is set.
    pub(crate) fn settings(&self) -> engine::Result<instantly::Settings> {
        let key = self.api_key.as_deref().map(str::trim).filter(|key| !key.is_empty()).ok_or_else(|| {
            Error::invalid(
                "no Instantly key is set",
                "set INSTANTLY_API_KEY to a v2 key with all:read (Instantly: Settings, Integrations, API Keys); \
                 `touchline demo` shows what comes without one",
            )
        })?;
        Ok(instantly::Settings {
            api_url: self.api_url.clone(),
            requests_per_minute: self.requests_per_minute,
            emails_per_minute: self.emails_per_minute,
            timeout: Duration::from_secs(self.timeout_seconds.max(1)),
            retry_pause: Duration::from_millis(self.retry_pause_ms.max(1)),
            retries: self.retries,
            ..instantly::Settings::new(key)
        })
    }
}
