//! The real binary against a simulated vendor over real HTTP and a real PostgreSQL.

mod changing_world;
mod demo;
mod manners;
mod process_kills;
mod secrets;
mod server_kills;
mod stops;
mod support;
