//! The database: open it, bring it to the current schema. Leaves what is in it to the other rooms.
//!
//! - [`connect`] a pool on a URL or on the private local server
//! - [`local`] the private local server
//! - [`migrations`] the files, in order; [`migrate`] applies them, or says what it would do
//! - [`adopt`] tables made by hand become ours; [`made`] what the migration files make, by name
//! - [`access`] nobody has rights by default
//! - [`plan`] what was done or would be done, for people and as JSON
//! - [`ledger`] what this database has been given so far: `touchline.migrations`
//! - [`schema_doc`] the schema as a page, from its comments
//! - [`trouble`] a statement that failed, in words for people

mod access;
mod address;
mod adopt;
pub mod connect;
mod connect_error;
mod ledger;
pub mod local;
mod made;
pub mod migrate;
pub mod migrations;
pub mod plan;
mod schema_doc;
mod trouble;

pub use connect::{Database, Settings, pool_options};
pub use migrate::{is_current, migrate, plan};
pub use plan::{Action, Plan, PlanStep};
pub use schema_doc::schema_markdown;
