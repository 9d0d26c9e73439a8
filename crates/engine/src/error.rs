//! What can go wrong, in words for people. Every error says what happened; `hint` says what to do next.
//! Leaves status codes to `web` and exit codes to `app`.

use crate::source::{ANY_VENDOR, VendorError};

/// Result of every engine function.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The engine's one error type.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something that was asked for is not there.
    #[error("{what}")]
    NotFound { what: String, hint: String },
    /// Input or configuration that cannot be used.
    #[error("{what}")]
    Invalid {
        what: String,
        hint: String,
        /// The field it stands in, by its name in arguments and JSON, where it is one.
        field: Option<String>,
    },
    /// Sound input that does not fit the present state.
    #[error("{what}")]
    Conflict { what: String, hint: String },
    /// Nobody is signed in, or what was shown does not prove who it is.
    #[error("{what}")]
    Unproven { what: String, hint: String },
    /// Whoever asks may not do this.
    #[error("{what}")]
    Forbidden { what: String, hint: String },
    /// Too often in too short a time; again after so many seconds.
    #[error("{what}")]
    TooOften { what: String, hint: String, seconds: i64 },
    /// A vendor refused or failed; the value carries its retry meaning.
    #[error(transparent)]
    Vendor(#[from] VendorError),
    /// PostgreSQL refused or failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
}

impl Error {
    pub fn not_found(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::NotFound { what: what.into(), hint: hint.into() }
    }

    /// Words that begin with a field, as `offer_name: it is empty`, name it.
    pub fn invalid(what: impl Into<String>, hint: impl Into<String>) -> Self {
        let what = what.into();
        let field = what
            .split_once(": ")
            .map(|(field, _)| field)
            .filter(|field| field.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'.'))
            .map(str::to_owned);
        Self::Invalid { what, hint: hint.into(), field }
    }

    /// A field that cannot be used as it was given.
    pub fn invalid_field(field: impl Into<String>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Invalid { what: what.into(), hint: hint.into(), field: Some(field.into()) }
    }

    pub fn conflict(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Conflict { what: what.into(), hint: hint.into() }
    }

    pub fn unproven(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Unproven { what: what.into(), hint: hint.into() }
    }

    pub fn forbidden(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Forbidden { what: what.into(), hint: hint.into() }
    }

    /// Whether it is about the connection or the database server's life, not about what was asked: worth repeating.
    pub fn is_outage(&self) -> bool {
        let Self::Database(error) = self else { return false };
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed => true,
            // 08: connection; 57P01-03: shutting down, crashed, starting up; 40001/40P01: serialisation, deadlock; 53300:
            // too many connections
            sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                code.starts_with("08")
                    || matches!(&*code, "57P01" | "57P02" | "57P03" | "40001" | "40P01" | "53300")
            }),
            _ => false,
        }
    }

    /// Whether a text was given that PostgreSQL cannot hold: one with a NUL character.
    pub fn is_unwritable(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        // 22021: a NUL in text; 22P05: one in JSON
        error.code().is_some_and(|code| matches!(&*code, "22021" | "22P05"))
    }

    /// What to do next, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotFound { hint, .. }
            | Self::Invalid { hint, .. }
            | Self::Conflict { hint, .. }
            | Self::Unproven { hint, .. }
            | Self::Forbidden { hint, .. }
            | Self::TooOften { hint, .. } => Some(hint.clone()),
            Self::Vendor(error) => Some(error.hint(&ANY_VENDOR)),
            Self::Database(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) => Some(
                "check that the database runs (a full disk stops it) and that DATABASE_URL leads to it, then run this again"
                    .into(),
            ),
            Self::Database(sqlx::Error::Database(error)) if error.code().as_deref() == Some("53100") => Some(
                "the database's disk is full: make room there and run the same command again, it goes on from what is committed"
                    .into(),
            ),
            Self::Database(_) => None,
        }
    }
}
