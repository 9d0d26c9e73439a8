//! The real binary against a simulated vendor over real HTTP and a real PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test that meets an error should stop there")]

mod bad_deliveries;
mod bulk;
mod calls;
mod changing_world;
mod demo;
mod healing;
mod hook_kills;
mod import;
mod manners;
mod process_kills;
mod secrets;
mod server_kills;
mod stops;
mod support;
mod touches;
