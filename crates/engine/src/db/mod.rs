//! The database: open it, bring it to the current schema. Leaves what is in it to the other rooms.
//!
//! - [`connect`] a pool on a URL or on the private local server
//! - [`local`] the private local server
//! - [`migrate`] applies the migrations, or says what it would do
//! - [`plan`] what was done or would be done, for people and as JSON
//! - [`ledger`] what this database has been given so far: `touchline.migrations`

mod address;
pub mod connect;
mod connect_error;
mod ledger;
pub mod local;
pub mod migrate;
pub mod plan;

pub use connect::{Database, Settings};
pub use migrate::{migrate, plan};
pub use plan::{Action, Plan, PlanStep};
