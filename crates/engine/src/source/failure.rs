//! A failed request to a vendor, by what it means for the next step.
//! Leaves retrying to the vendor's client and telling people to `sync`.

use std::time::Duration;

/// A failed request to a vendor, by what it means for the next step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VendorError {
    /// Too many requests; wait at least this long, where the vendor said so.
    #[error("the vendor's rate limit is used up")]
    RateLimited { retry_after: Option<Duration> },
    /// The key is not accepted at all.
    #[error("the vendor does not accept the key: {message}")]
    Unauthorised { message: String },
    /// The key is good but may not see this.
    #[error("the key lacks the scope {required}")]
    MissingScope { required: String, found: String },
    /// Down, unreachable, cut off, too slow: worth trying again.
    #[error("the vendor could not answer: {message}")]
    Unavailable { message: String },
    /// An answer that is not what the endpoint promises: worth trying again, then a failure.
    #[error("the vendor's answer could not be read: {message}")]
    Unreadable { message: String },
    /// A list whose cursor runs in circles.
    #[error("the vendor's list cannot be walked to its end: {message}")]
    Endless { message: String },
    /// The record asked for does not exist.
    #[error("the vendor has no such record: {message}")]
    NotFound { message: String },
    /// Refused for good: trying the same again will not help.
    #[error("the vendor refused the request ({status}): {message}")]
    Rejected { status: u16, message: String },
}

impl VendorError {
    /// Whether the same request may succeed later by itself.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Unavailable { .. } | Self::Unreadable { .. })
    }

    /// What a person should do when retries did not help.
    pub fn hint(&self) -> String {
        match self {
            Self::RateLimited { .. } => {
                "other tools share this workspace's budget: lower INSTANTLY_REQUESTS_PER_MINUTE or \
                 INSTANTLY_EMAILS_PER_MINUTE, then run `touchline sync` again; it goes on where it stopped"
            }
            Self::Unauthorised { .. } => {
                "make a new v2 key in Instantly (Settings, Integrations, API Keys) and set INSTANTLY_API_KEY"
            }
            Self::MissingScope { .. } => {
                "give the key this scope in Instantly (Settings, Integrations, API Keys), or leave the stream \
                 out with `--stream`"
            }
            Self::Unavailable { .. } => "run `touchline sync` again later; it goes on where it stopped",
            Self::Unreadable { .. } => {
                "run `touchline sync` again; if it stays, check that INSTANTLY_API_URL points at the API"
            }
            Self::Endless { .. } => {
                "run `touchline sync` again: the walk begins from the start; what came so far is kept. If it stays, \
                 tell the vendor"
            }
            Self::NotFound { .. } => "it was deleted at the vendor, or INSTANTLY_API_URL is wrong",
            Self::Rejected { .. } => "read the vendor's message above; the account's plan may not include this",
        }
        .into()
    }
}
