//! Pages and the API over real HTTP, on a real PostgreSQL. Tests are named as sentences.

#![allow(clippy::unwrap_used, reason = "a test that meets an error should stop there")]

mod api;
mod bulk;
mod conformance;
mod data;
mod door;
mod once;
mod support;
mod writes;
