//! The list of sources, and nothing else. A new vendor is its folder and one line here.

pub mod instantly;
pub mod linkedin;
pub mod vapi;

use sqlx::PgPool;

use crate::Result;
use crate::raw::RawTable;
use crate::reconcile::Total;
use crate::source::{Delivery, Step, Stream, Understood};

/// Gives a payload's bytes anew, its secrets blacked out.
pub type Redact = fn(&[u8]) -> Vec<u8>;

/// One vendor, for what works without a connection to it.
#[derive(Debug)]
pub struct Listed {
    pub name: &'static str,
    pub streams: &'static [Stream],
    /// Raw tables that no stream fills: what comes by webhook only.
    pub further_tables: &'static [&'static RawTable],
    /// Reads a webhook delivery; None: this source sends none. Pure: no database, no HTTP.
    pub understand: Option<fn(&Delivery) -> Understood>,
    /// Blacks out secrets that the vendor puts into its payloads, before they are stored; None: it puts none there. Pure,
    /// and for any bytes at all.
    pub redact: Option<Redact>,
    pub steps: &'static [Step],
    /// Fills `vendor_standings` for `touched_leads`: what the vendor's own records say of an enrollment where no event
    /// tells. Runs when all sources' steps have.
    pub standings: &'static [Step],
}

/// Every source.
pub const SOURCES: &[Listed] = &[
    Listed {
        name: instantly::NAME,
        streams: instantly::STREAMS,
        further_tables: &[],
        understand: Some(instantly::understand),
        redact: None,
        steps: instantly::STEPS,
        standings: instantly::STANDINGS,
    },
    Listed {
        name: vapi::NAME,
        streams: vapi::STREAMS,
        further_tables: vapi::WEBHOOK_TABLES,
        understand: Some(vapi::understand),
        redact: Some(vapi::redact),
        steps: vapi::STEPS,
        standings: &[],
    },
    Listed {
        name: linkedin::NAME,
        streams: &[],
        further_tables: linkedin::TABLES,
        understand: Some(linkedin::understand),
        redact: None,
        steps: linkedin::STEPS,
        standings: &[],
    },
];

/// Every raw table, in the order of the streams.
pub fn raw_tables() -> impl Iterator<Item = &'static RawTable> {
    SOURCES.iter().flat_map(|source| {
        source.streams.iter().map(|stream| stream.table).chain(source.further_tables.iter().copied())
    })
}

/// Our totals beside those of the vendor that counts, and which vendor that is. Calls and LinkedIn tools give no totals.
pub(crate) async fn totals(pool: &PgPool) -> Result<(&'static str, Vec<Total>)> {
    Ok((instantly::NAME, instantly::reconcile::totals(pool).await?))
}
