//! States that fold, stops that stick: what touches mean for a person, and what nobody may be sent any more.

mod early;
mod fold;
mod gate;
mod people;
mod safety;
mod shuffles;
mod stops;
mod support;
