//! Touches that people make and decide about: log one, take it back, link one to its person. Each is one transaction in
//! which the person's state, stops and suppressions follow at once. Leaves what follows to `states`.

mod follow;
mod link;
mod log;
mod outcome;
mod resume;
mod suggest;
mod undo;
mod who;

pub use follow::{Followed, Stopped};
pub(crate) use follow::{begin, fold};
pub use link::{Linked, Unlinked, link, link_new, unlink};
pub use log::{Interest, Kind, Log, Logged, interest, log};
pub use outcome::Outcome;
pub use resume::{Resumed, resume};
pub use suggest::{Suggested, suggest, suggest_all};
pub use undo::{Undone, undo};
pub(crate) use who::known_by as known;
pub use who::{Named, Person, find};
