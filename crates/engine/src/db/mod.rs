//! The database: open it, bring it to the current schema. Leaves what is in it to the other rooms.
//!
//! - [`connect`] a pool on a URL or on the private local server
//! - [`local`] the private local server
//! - [`migrate`] the migrations and their runner

mod address;
pub mod connect;
mod connect_error;
pub mod local;
pub mod migrate;

pub use self::connect::{Database, Settings};
