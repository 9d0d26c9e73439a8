//! The engine through its front door, on a real PostgreSQL. One test binary; tests are named as sentences.

#![allow(clippy::unwrap_used, reason = "a test that meets an error should stop there")]

mod adoption;
mod adoption_access;
mod adoption_interrupted;
mod adoption_keeps;
mod adoption_refusals;
mod adoption_relaxes;
mod adoption_support;
mod campaigns;
mod connect;
mod deliveries;
mod funnel;
mod identity;
mod import;
mod jobs;
mod lead_lists;
mod local_server;
mod mirror;
mod own_database;
mod people;
mod queue;
mod replies;
mod roads;
mod schedule;
mod schema_doc;
mod states;
