//! Lists from CSV files, through the front door on a real PostgreSQL.

mod fixtures;
mod support;
