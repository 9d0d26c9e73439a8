//! The arguments of `user`, `key` and `audit`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use engine::actor::{Role, Scope};
use jiff::Timestamp;

use super::Place;

#[derive(Subcommand)]
pub(crate) enum User {
    /// Add somebody; prints the link by which they choose their password
    Add {
        /// The address they sign in with
        email: String,
        /// admin (everything), member (the daily work), reader (looks only)
        #[arg(long, default_value = "member", value_parser = role)]
        role: Role,
        /// Their name
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        password: Password,
    },
    /// Everybody, with role and last sign-in
    List,
    /// Give somebody another role
    Role {
        /// Their address, or id
        user: String,
        /// admin, member or reader
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Shut somebody out: sessions end, keys are refused; what they did stays
    Disable {
        /// Their address, or id
        user: String,
    },
    /// Let somebody in again
    Enable {
        /// Their address, or id
        user: String,
    },
    /// A new password: prints a link, or takes it from a file; sessions end
    Password {
        /// Their address, or id
        user: String,
        #[command(flatten)]
        password: Password,
    },
}

#[derive(Args)]
#[group(skip)]
pub(crate) struct Password {
    /// File with the password (`-`: standard input), instead of a link
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Subcommand)]
pub(crate) enum Key {
    /// Make a key for the API; it is shown this once
    Add {
        /// What to call it
        label: String,
        /// What it may do (may be repeated): read, touches, campaigns, imports, sync, connections, settings, people
        #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',', default_value = "read", value_parser = scope)]
        scopes: Vec<Scope>,
        /// In whose name it acts, whose role bounds it (address or id); none: yours, who have the database
        #[arg(long)]
        user: Option<String>,
        /// Until when it is accepted (a date, or RFC 3339); none: until it is revoked
        #[arg(long, value_parser = super::arguments::instant)]
        expires: Option<Timestamp>,
    },
    /// Keys, with scopes and last use
    List,
    /// Refuse a key from now on
    Revoke {
        /// Its label, its beginning, or its id
        key: String,
    },
}

#[derive(Args)]
pub(crate) struct Audit {
    /// Only what this user did (address or id)
    #[arg(long)]
    pub(crate) user: Option<String>,
    /// Only what was done with this key
    #[arg(long)]
    pub(crate) key: Option<String>,
    /// Only what was about this id or name
    #[arg(long)]
    pub(crate) subject: Option<String>,
    /// Only since then (a date, or RFC 3339)
    #[arg(long, value_parser = super::arguments::instant)]
    pub(crate) since: Option<Timestamp>,
    /// Older than this entry, to go on
    #[arg(long)]
    pub(crate) before: Option<i64>,
    /// At most so many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    pub(crate) limit: i64,
}

fn role(name: &str) -> Result<Role, String> {
    Role::named(name).map_err(|error| told(&error))
}

fn scope(name: &str) -> Result<Scope, String> {
    Scope::named(name).map_err(|error| told(&error))
}

fn told(error: &engine::Error) -> String {
    error.hint().map_or_else(|| error.to_string(), |hint| format!("{error}; {hint}"))
}
