//! A list from a CSV file, losslessly, with sums that add up. Leaves arguments to `app`, rules for single values to
//! `identity`.
//!
//! The way of a file: [`sniff`] looks at its first megabyte and refuses what is no list, before anything is kept;
//! [`keep`] stores the bytes under their hash; [`read`] makes records of them, [`map`] says what the columns mean,
//! [`clean`] what a row says, [`part`] puts rows together; [`merge`] stores a part in one transaction with its verdicts,
//! its share of the report and the place where the next part begins. [`rejects`] gives back what was refused, [`undo`]
//! takes back what was made. [`preview`] shows how a file would be read.
//!
//! - **A kill** loses the part under way and nothing else: the next run of the same file goes on after the last part.
//! - **Same file twice**: known by its hash; the first report is shown. Read again on request, every row is `unchanged`.
//! - **At once**: a session lock on the hash lets one import of a file run; one part merges at a time in the database.
//! - **A dry run** does everything in one transaction and rolls it back, so it cannot say anything else than the real
//!   one. While it runs, other imports and syncs wait.
//! - **Memory**: three parts of 6 MiB, a window of one record, two pieces of the file. Nothing grows with the file.

mod clean;
mod copy;
mod input;
mod keep;
mod map;
mod merge;
mod part;
mod preview;
mod read;
mod rejects;
mod report;
mod rows;
mod run;
mod sniff;
mod store;
mod undo;
pub mod upload;
mod verdicts;

pub use input::Input;
pub(crate) use keep::unreadable;
pub use map::{Column, FIELDS, Field, Kind, Mapping};
pub use preview::{Preview, PreviewColumn, preview};
pub use read::{Dialect, MOST_CELL_BYTES, MOST_RECORD_BYTES};
pub use rejects::rejects;
pub use report::{OUTCOMES, Report, RowVerdict, State, list, rows, show};
pub(crate) use rows::{Row, Rows};
pub use run::{Imported, Options, Progress, Watch, import, redo};
pub use sniff::{HEAD_BYTES, MOST_COLUMNS, Refusal};
pub use undo::{Undone, undo};
pub use verdicts::{Seen, barred, seen};

/// A row is looked up a dozen times by what it is known by. Seeded, so that no list can be made to collide.
type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;
/// As [`HashMap`].
type HashSet<K> = std::collections::HashSet<K, foldhash::fast::RandomState>;
