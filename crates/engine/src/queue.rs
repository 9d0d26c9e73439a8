//! What is due, on which channel and why; what people decide about it. Leaves who answered to `replies`, what a touch does
//! to a person's state to the steps that fold it.

mod decide;
mod item;
mod list;
pub mod rules;
mod tally;
mod touch;
mod why;

pub use decide::{Decided, Decision, Words, decide, undo};
pub use item::{Item, ItemKind};
pub use list::{Asked, Line, Page, due_today, list};
pub use tally::{Tally, tally};
pub use why::WaitsFor;
