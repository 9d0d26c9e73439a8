//! The real binary against a simulated vendor over real HTTP and a real PostgreSQL.

mod changing_world;
mod process_kills;
mod server_kills;
mod support;
