//! What a delivery has to show besides the secret in its address, and whether it does. Pure: no database, no HTTP.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::hmac::Hmac;
use super::secret::{digest, same};

/// What a delivery has to show besides the secret in its address. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Proof {
    /// Nothing: all the tool can be told is an address.
    Path,
    /// A header with a secret value; `prefix` stands before it, e.g. "Bearer ".
    Header { name: String, prefix: String },
    /// A signature over its body.
    Hmac(Hmac),
}

/// Why a delivery is not believed. The sender is told none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unproven {
    /// Nothing was shown, or no secret is set.
    Missing,
    Wrong,
    /// Signed too long ago, or ahead of time.
    Late,
    /// The same signature again.
    Replayed,
}

impl Unproven {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Wrong => "wrong",
            Self::Late => "late",
            Self::Replayed => "replayed",
        }
    }
}

/// A secret that is accepted, until when.
pub(super) struct Accepted<T> {
    pub(super) secret: T,
    pub(super) valid_until: Option<Timestamp>,
}

impl<T> Accepted<T> {
    pub(super) fn is_valid(&self, now: Timestamp) -> bool {
        self.valid_until.is_none_or(|until| now < until)
    }
}

/// Whether the value of a header is one of the accepted ones. Every one is compared, so that time tells nothing.
pub(super) fn header(
    value: Option<&[u8]>,
    prefix: &str,
    accepted: &[Accepted<[u8; 32]>],
    now: Timestamp,
) -> Result<(), Unproven> {
    let shown = value.and_then(|value| value.strip_prefix(prefix.as_bytes())).ok_or(Unproven::Missing)?;
    let shown = digest(shown);
    let found = accepted
        .iter()
        .filter(|one| one.is_valid(now))
        .fold(false, |found, one| same(&shown, &one.secret) | found);
    if found { Ok(()) } else { Err(Unproven::Wrong) }
}
