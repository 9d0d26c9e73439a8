//! For tests only: a database per test, cloned from a template that has every migration; a server that may be killed;
//! a stand-in for a Supabase project. Leaves vendors to `simulator`.
//!
//! The server is the one in `TOUCHLINE_TEST_DATABASE_URL`, whose user may create databases, else a private one in the
//! temporary folder that all test processes of this user share. It stays up for the next run;
//! `cargo run -p testkit --example stop-server` stops it.

mod database;
mod private;
mod server;
mod supabase;
mod template;

pub use self::database::{TestDatabase, database, empty_database};
pub use self::private::{PrivateServer, durable_server, folder, private_server};
pub use self::server::stop_shared_server;
pub use self::supabase::{Era, Supabase, supabase};

use std::fmt::Display;

/// The value, or a panic that says what was being done and, for our own errors, what to do next.
fn must<T, E: Words>(result: Result<T, E>, doing: &str) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{doing}: {}", error.words()),
    }
}

trait Words: Display {
    fn words(&self) -> String {
        self.to_string()
    }
}

impl Words for sqlx::Error {}
impl Words for std::io::Error {}
impl Words for engine::Error {
    fn words(&self) -> String {
        match self.hint() {
            Some(hint) => format!("{self}\nhint: {hint}"),
            None => self.to_string(),
        }
    }
}
