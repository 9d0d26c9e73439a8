//! One webhook delivery, and what a source makes of it. Leaves receiving, storing and telling who sent it to `inbox`.

use jiff::Timestamp;

use crate::raw::{RawTable, Record};

/// A delivery as it was stored: its bytes, and all that came beside them.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// The tool behind the connection where a source stands for several, e.g. heyreach; empty: none is named.
    pub provider: &'a str,
    /// The event that the address named (`/hooks/{source}/{secret}/{event}`); vendors without one in the body need it.
    pub event: Option<&'a str>,
    /// Decompressed; any bytes at all.
    pub body: &'a [u8],
    pub received_at: Timestamp,
}

/// What a delivery holds.
#[derive(Debug)]
pub enum Understood {
    /// Records for raw tables of the source. The same delivery again gives the same keys.
    Records(Vec<(&'static RawTable, Record)>),
    /// Authentic, but nothing we can read; kept, and told to people with this reason.
    SetAside(String),
}
