//! Lists from CSV files, through the front door on a real PostgreSQL.

mod damage;
mod damaged_files;
mod fixtures;
mod interrupted;
mod known;
mod lossless;
mod preview;
mod support;
mod undo;
