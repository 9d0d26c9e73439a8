//! Who is who: the outcomes promised in the CSV fixtures, more spellings of the same kinds, and laws for any text.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod company;
mod domain;
mod email;
mod fixture;
mod laws;
mod linkedin;
mod name;
mod phone;
