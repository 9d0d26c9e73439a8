//! The list of sources, and nothing else. A new vendor is its folder and one line here.

pub mod instantly;

use crate::raw::RawTable;
use crate::source::Stream;

/// Streams of every source, by the source's name.
pub const STREAMS: &[(&str, &[Stream])] = &[(instantly::NAME, instantly::STREAMS)];

/// The raw table of that name, over all sources.
pub fn raw_table(name: &str) -> Option<&'static RawTable> {
    STREAMS.iter().flat_map(|(_, streams)| *streams).map(|stream| stream.table).find(|table| table.name == name)
}

/// Names of every raw table, in the order of the streams.
pub fn raw_table_names() -> Vec<&'static str> {
    STREAMS.iter().flat_map(|(_, streams)| *streams).map(|stream| stream.table.name).collect()
}
