//! The arguments of single commands.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::leads::{List, Which};

#[derive(Args, Default)]
pub(crate) struct Sync {
    /// Vendor: instantly or vapi; none: each whose key is set
    #[arg(value_parser = ["instantly", "vapi"])]
    pub(crate) source: Option<String>,
    /// Only this stream (may be repeated); `touchline status` names them
    #[arg(long = "stream")]
    pub(crate) streams: Vec<String>,
    /// Walk everything again, also what is known to be complete
    #[arg(long)]
    pub(crate) full: bool,
    /// More than 5 % of a stream's records are missing at the vendor: yes, they were deleted there
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
    /// The files list LinkedIn touches, not people: exports of tools, LinkedIn's own Connections.csv
    #[arg(long, conflicts_with_all = ["mapping", "map", "overwrite", "again"])]
    pub(crate) touches: bool,
    /// With --touches: what each row is, where no column says so, e.g. connection_sent
    #[arg(long, value_name = "TOUCH", requires = "touches")]
    pub(crate) event: Option<String>,
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
    /// Leads that match, a page at a time
    List(Box<List>),
    /// Who the person is, how far each campaign has come, and what was said
    Show {
        /// Any address the person is known by
        email: String,
    },
    /// Every lead that matches as CSV, safe to open in a spreadsheet: `touchline lead export --status replied > leads.csv`
    Export(Box<Which>),
}

#[derive(Subcommand)]
pub(crate) enum Settings {
    /// The zone in which days begin for figures; setting another counts everything again
    TimeZone {
        /// Like Europe/Berlin; none: print the one that is set
        zone: Option<String>,
    },
    /// Whether a stop of one person stops everybody of the company: on, off; a campaign may say otherwise
    StopCompany {
        /// on or off; none: print which
        #[arg(value_parser = on_or_off, action = clap::ArgAction::Set)]
        whole_company: Option<bool>,
    },
}

#[derive(Subcommand)]
pub(crate) enum Raw {
    /// One record, now, at a time, or the difference between two times
    Show {
        /// Raw table, e.g. instantly_leads_raw
        table: String,
        /// The vendor's key of the record; days are DATE|CAMPAIGN, steps CAMPAIGN|STEP|VARIANT
        key: String,
        /// How it stood then (RFC 3339, or a date)
        #[arg(long, value_parser = instant)]
        as_of: Option<Timestamp>,
        /// What changed between two times
        #[arg(long, num_args = 2, value_names = ["T1", "T2"], value_parser = instant, conflicts_with = "as_of")]
        diff: Option<Vec<Timestamp>>,
    },
}

fn on_or_off(word: &str) -> Result<bool, String> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("on or off".into()),
    }
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
pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    engine::raw::parse_timestamp(text)
        .or_else(|| engine::raw::parse_timestamp(&format!("{text}T00:00:00Z")))
        .ok_or_else(|| "no time like 2026-11-20T09:30:00Z or 2026-11-20".into())
}
