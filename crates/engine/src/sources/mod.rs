//! The list of sources, and nothing else. A new vendor is its folder and one line here.

pub mod instantly;

use crate::raw::RawTable;
use crate::source::{Step, Stream};

/// One vendor's tables, for what works without a connection to it.
#[derive(Debug)]
pub struct Listed {
    pub name: &'static str,
    pub streams: &'static [Stream],
    pub steps: &'static [Step],
}

/// Every source.
pub const SOURCES: &[Listed] =
    &[Listed { name: instantly::NAME, streams: instantly::STREAMS, steps: instantly::STEPS }];

/// Every raw table, in the order of the streams.
pub fn raw_tables() -> impl Iterator<Item = &'static RawTable> {
    SOURCES.iter().flat_map(|source| source.streams).map(|stream| stream.table)
}
