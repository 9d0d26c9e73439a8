//! The sources that may be connected, as data: what proves their deliveries, and which tools stand behind them.
//! Leaves the words to paste to `paste`.

use super::hmac::Hmac;
use super::proof::Proof;

/// A source that sends webhooks.
#[derive(Debug)]
pub struct Kind {
    pub source: &'static str,
    /// Tools that a connection may name; empty: the source is one vendor.
    pub providers: &'static [&'static str],
    /// Ways its deliveries can prove themselves, the first unless a person chooses: path, secret, bearer, hmac.
    pub ways: &'static [&'static str],
    /// The header that carries the secret, unless a person names another.
    pub header: &'static str,
}

/// Every source that may be connected.
pub const KINDS: &[Kind] = &[
    Kind { source: "instantly", providers: &[], ways: &["secret"], header: "x-touchline-secret" },
    Kind { source: "vapi", providers: &[], ways: &["secret", "bearer", "hmac"], header: "x-vapi-secret" },
    Kind {
        source: "linkedin",
        providers: &["generic", "heyreach", "expandi", "phantombuster", "dripify"],
        ways: &["path"],
        header: "",
    },
];

impl Kind {
    pub fn of(source: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.source == source)
    }

    /// The proof for one of its ways.
    pub(super) fn proof(&self, way: &str, header: Option<&str>, hmac: Hmac) -> Proof {
        let name = |otherwise: &str| header.unwrap_or(otherwise).to_ascii_lowercase();
        match way {
            "secret" => Proof::Header { name: name(self.header), prefix: String::new() },
            "bearer" => Proof::Header { name: name("authorization"), prefix: "Bearer ".into() },
            "hmac" => Proof::Hmac(hmac),
            _ => Proof::Path,
        }
    }
}
