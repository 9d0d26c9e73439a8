//! The simulator through its front door: real requests over real HTTP.

mod faults;
mod figures;
mod growth;
mod lists;
mod support;
mod wire;
mod worlds;
