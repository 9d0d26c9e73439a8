//! The engine through its front door, on a real PostgreSQL.

mod connect;
mod local_server;
