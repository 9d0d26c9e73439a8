//! The database: open it, bring it to the current schema. Leaves what is in it to the other rooms.
//!
//! - [`access`] nobody has rights by default
//! - [`adopt`] tables made by hand become ours
//! - [`ledger`] what this database has been given so far: `touchline.migrations`
//! - [`made`] what the migration files make, by name
//! - [`migrate`] applies the migrations, or says what it would do
//! - [`plan`] what was done or would be done, for people and as JSON
//! - [`schema_doc`] the schema as a page, from its comments
//! - [`trouble`] a statement that failed, in words for people

mod access;
mod adopt;
mod ledger;
mod made;
pub mod migrate;
pub mod plan;
mod schema_doc;
mod trouble;

pub use migrate::{migrate, plan};
pub use plan::{Action, Plan, PlanStep};
pub use schema_doc::schema_markdown;
