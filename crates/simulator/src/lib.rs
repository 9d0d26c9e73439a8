//! A stateful stand-in for Instantly's API v2 and Vapi's API over real HTTP: a made-up world, deterministic by seed and clock, that
//! lives on, pages, limits and fails as the vendor does. Used by tests, by the bench and by `touchline demo`; it knows
//! the vendor's contract and nothing of our database.

// One `json!` of a whole lead is deeper than the default.
#![recursion_limit = "256"]

mod answer;
mod clock;
mod faults;
mod limits;
mod line;
mod material;
mod options;
mod prng;
mod query;
mod routes;
mod sender;
mod server;
mod wire;
mod world;

/// What somebody exported from Apollo: new people, some we know, one twice, and rows that are none.
pub const APOLLO_EXPORT: &str = include_str!("../data/apollo-contacts-export.csv");

pub use clock::Clock;
pub use faults::{Fault, Faults, Rule, Times};
pub use limits::Limits;
pub use material::calls::CallOutcome;
pub use options::{Options, Size};
pub use sender::Delivered;
pub use server::{Seen, Simulator};
pub use world::hooks::Manners;
pub use world::{CallMessage, Happening, Kind, VapiKind, World};
