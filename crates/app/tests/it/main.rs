//! The binary as people start it.

#![allow(clippy::unwrap_used, reason = "a test that meets an error should stop there")]

mod import;
