//! Touchline's engine: everything that is true without HTTP pages or a command line.
//!
//! - [`db`] opens a database (by URL, or a private local server), migrates and adopts it
//! - [`source`] what a vendor is to us; [`sources`] the list of them
//! - [`raw`] keeps what a vendor said, losslessly, with history
//! - [`sync`] pulls a source from its cursors to its end, with a receipt
//! - [`normalise`] runs a source's SQL steps: raw to leads, campaigns, events; rebuilds them from raw
//! - [`states`] how enrollments and people stand: a fold over events; what stops them
//! - [`touches`] log one, take it back, link one to its person; [`suppressions`] who must not be contacted, and the gate
//! - [`connections`] who may send webhooks, and their secrets; [`inbox`] receives deliveries, and understands them later
//! - [`schedule`] what runs by itself while a server is up
//! - [`actor`] who acts and what they may; [`users`], [`sessions`], [`api_keys`] who may enter; [`audit`] who did what;
//!   [`idempotency`] a write that is asked for twice is done once
//! - [`identity`] who is who: pure functions
//! - [`import`] a CSV list: kept, read, merged, reported, taken back
//! - [`touch_lists`] LinkedIn touches out of a CSV list
//! - [`jobs`] long work that was asked for, with its progress
//! - [`recordings`] a call's sound, fetched at the vendor when somebody listens
//! - [`replies`] who answered, [`queue`] what is due and why; [`offers`], [`campaigns`], [`companies`] made, edited, read
//! - [`bulk`] the same done to many leads at once, and taken back
//! - [`leads`], [`timeline`], [`overview`] what people ask; [`views`] names for lists of it; [`funnel`] which campaign, offer, step works
//! - [`safety`] whether anybody was contacted who should not have been
//! - [`reconcile`] our totals beside the vendor's own counters, and why they differ
//! - [`demo`] a database that holds the demo's simulated workspace
//! - `edit` what rooms that write people's own rows share
//! - [`settings`] facts about this database; [`clock`], [`usage`], [`keyset`], [`words`], [`spreadsheet`], [`error`] what all rooms share
pub mod actor;
pub mod api_keys;
pub mod audit;
pub mod bulk;
pub mod campaigns;
pub mod clock;
pub mod companies;
pub mod connections;
pub mod db;
pub mod demo;
mod edit;
pub mod error;
pub mod funnel;
pub mod idempotency;
pub mod identity;
pub mod import;
pub mod inbox;
pub mod jobs;
pub mod keyset;
pub mod leads;
pub mod normalise;
pub mod offers;
pub mod overview;
pub mod queue;
pub mod raw;
pub mod reconcile;
pub mod recordings;
pub mod replies;
pub mod safety;
pub mod schedule;
pub mod sessions;
pub mod settings;
pub mod source;
pub mod sources;
pub mod spreadsheet;
pub mod states;
pub mod suppressions;
pub mod sync;
pub mod timeline;
pub mod touch_lists;
pub mod touches;
pub mod usage;
pub mod users;
pub mod views;
pub mod words;

pub use error::{Error, Result};
/// Connections to the database, for rooms that hand them to the engine's functions.
pub use sqlx::PgPool;
