//! The database: open it, bring it to the current schema. Leaves what is in it to the other rooms.
//!
//! - [`migrate`] applies the migrations, or says what it would do
//! - [`plan`] what was done or would be done, for people and as JSON
//! - [`ledger`] what this database has been given so far: `touchline.migrations`

mod ledger;
pub mod migrate;
pub mod plan;

pub use migrate::{migrate, plan};
pub use plan::{Action, Plan, PlanStep};
