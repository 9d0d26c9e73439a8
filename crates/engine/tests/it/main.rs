//! The engine's tests through the front door: a real PostgreSQL for every one.

#![allow(clippy::unwrap_used, reason = "a test that meets an error should stop there")]

mod adoption;
mod adoption_access;
mod adoption_interrupted;
mod adoption_keeps;
mod adoption_refusals;
mod adoption_relaxes;
mod adoption_support;
mod own_database;
mod schema_doc;
