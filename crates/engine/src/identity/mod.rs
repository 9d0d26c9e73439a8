//! Who is who: the canonical e-mail, domain, LinkedIn profile, company and person name. Pure functions without a
//! database; they decide keys and repairs, and leave matching and storing to the callers.
//!
//! - [`email`] one address out of a cell, and the key that leads are matched by
//! - [`domain`] the registrable domain, and which domain is a company's
//! - [`website`] what a website cell holds: a domain, a social page, nothing usable
//! - [`free_mail`], [`social`] the domains that never stand for a company
//! - [`company`] a company's name, and the key where it has no domain
//! - [`name`] a person's first and last name, cleaned
//! - [`linkedin`] a person's LinkedIn profile
//! - [`phone`] a phone number that names its country
//! - [`placeholder`] the many spellings of "nothing"
//! - [`mojibake`] letters that were decoded wrongly before we saw them
//! - [`note`] what was changed, as codes

pub mod company;
pub mod domain;
pub mod email;
pub mod free_mail;
mod host;
pub mod linkedin;
pub mod mojibake;
pub mod name;
pub mod note;
pub mod phone;
pub mod placeholder;
pub mod social;
mod text;
pub mod website;

pub use note::Note;
