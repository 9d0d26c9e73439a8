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
    pub fn hint(&self, vendor: &Vendor) -> String {
        let Vendor { key, scopes, url_setting, pace_setting } = vendor;
        match self {
            Self::RateLimited { .. } => format!(
                "other tools share this workspace's budget: lower {pace_setting}, then run `touchline sync` again; it goes \
                 on where it stopped"
            ),
            Self::Unauthorised { .. } => (*key).into(),
            Self::MissingScope { .. } => {
                format!("give the key this scope {scopes}, or leave the stream out with `--stream`")
            }
            Self::Unavailable { .. } => {
                "run `touchline sync` again later; it goes on where it stopped".into()
            }
            Self::Unreadable { .. } => {
                format!("run `touchline sync` again; if it stays, check that {url_setting} points at the API")
            }
            Self::Endless { .. } => {
                "run `touchline sync` again: the walk begins from the start; what came so far is \
                                     kept. If it stays, tell the vendor"
                    .into()
            }
            Self::NotFound { .. } => format!("it was deleted at the vendor, or {url_setting} is wrong"),
            Self::Rejected { .. } => {
                "read the vendor's message above; the account's plan may not include this".into()
            }
        }
    }
}

/// What a person has to change where something goes wrong with a vendor, in the vendor's and our settings' words.
#[derive(Debug)]
pub struct Vendor {
    /// How a key is made anew, and where it goes.
    pub key: &'static str,
    /// Where scopes are given.
    pub scopes: &'static str,
    /// Setting that holds the API's address.
    pub url_setting: &'static str,
    /// Setting that holds the pace.
    pub pace_setting: &'static str,
}

/// Where it is not known which vendor it was.
pub static ANY_VENDOR: Vendor = Vendor {
    key: "make a new key at the vendor and set it (INSTANTLY_API_KEY, VAPI_API_KEY)",
    scopes: "at the vendor",
    url_setting: "the API's address (INSTANTLY_API_URL, VAPI_API_URL)",
    pace_setting: "the pace (INSTANTLY_REQUESTS_PER_MINUTE, VAPI_REQUESTS_PER_MINUTE)",
};
