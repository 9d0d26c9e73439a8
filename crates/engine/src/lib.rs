//! Touchline's engine: everything that is true without HTTP pages or a command line.
//!
//! - [`db`] opens a database (by URL, or a private local server), migrates and adopts it
//! - [`error`] what can go wrong, in words for people
//! - [`identity`] who is who: canonical e-mail, domain, profile and names
//! - [`source`] what a vendor is to us

pub mod db;
pub mod error;
pub mod identity;
pub mod source;

pub use error::{Error, Result};
