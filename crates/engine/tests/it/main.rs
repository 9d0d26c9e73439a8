//! The engine through its front door, on a real PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod connect;
mod local_server;
