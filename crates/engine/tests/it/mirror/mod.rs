//! The road from a vendor to the tables people query: the real sync against the simulator over real HTTP.

mod block_list;
mod conformance;
mod edits;
mod exact;
mod faults;
mod feed;
mod history;
mod hostile;
mod limits;
mod lossless;
mod meaning;
mod order;
mod people;
mod raw_store;
mod reconcile;
mod scopes;
mod statements;
pub(crate) mod support;
mod tombstones;
mod unchanged;
mod vapi;
