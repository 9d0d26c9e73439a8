<<<<<<< HEAD
//! The engine through its front door, on a real PostgreSQL. One test binary; tests are named as sentences.
=======
//! The engine's tests through the front door: a real PostgreSQL for every one.
>>>>>>> db

#![allow(clippy::unwrap_used, reason = "a test that meets an error should stop there")]

mod adoption;
mod connect;
mod identity;
mod local_server;
mod own_database;
