//! The simulator through its front door: real requests over real HTTP.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod calls;
mod faults;
mod figures;
mod growth;
mod lists;
mod support;
mod wire;
mod worlds;
