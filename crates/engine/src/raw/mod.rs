//! The lossless layer: keep what a vendor said, whole, with history and tombstones.
//! Leaves where records come from to `sources`, and what they mean to `normalise`.

mod fields;
mod payload;
mod show;
mod sizes;
mod store;
mod table;
mod tombstones;

pub use fields::{Fields, parse_timestamp};
pub use payload::Payload;
pub use show::{Changed, Difference, Version, difference, recent, show, versions};
pub use sizes::{Size, size};
pub use store::{Stored, store};
pub use table::{Column, RawTable, Record};
pub use tombstones::{Bury, bury};
