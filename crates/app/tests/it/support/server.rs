//! A server under test: `touchline serve` on a port of its own, and a client that sends to it.

use std::time::Duration;

use serde_json::Value;
use sqlx::AssertSqlSafe;
use tempfile::TempDir;
use testkit::TestDatabase;
use tokio::process::{Child, Command};

use super::{Ran, finished, on, run};

/// Where a server listens, and its home with the key that seals secrets.
pub(crate) struct Place {
    pub(crate) base: String,
    listen: String,
    home: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = listener.local_addr().unwrap().to_string();
        Self { base: format!("http://{listen}"), listen, home: TempDir::new().unwrap() }
    }

    /// A command that knows the place.
    pub(crate) fn command(&self, database: &TestDatabase, arguments: &[&str]) -> Command {
        let mut command = on(database, arguments);
        command.env("TOUCHLINE_HOME", self.home.path()).env("TOUCHLINE_PUBLIC_URL", &self.base);
        command.env("TOUCHLINE_LISTEN", &self.listen);
        command
    }

    pub(crate) async fn run(&self, database: &TestDatabase, arguments: &[&str]) -> Ran {
        run(&mut self.command(database, arguments)).await
    }

    /// Makes a connection; what was printed for programs.
    pub(crate) async fn connect(&self, database: &TestDatabase, arguments: &[&str]) -> Value {
        let all = [&["connections", "add", "--json"], arguments].concat();
        self.run(database, &all).await.expect(0).json()
    }

    /// Waits until it answers.
    pub(crate) async fn is_up(&self) {
        let http = reqwest::Client::new();
        for _ in 0..600 {
            let health = http.get(format!("{}/health", self.base)).send().await;
            if health.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not come up");
    }
}

/// Asks a server to end, and waits for it.
pub(crate) async fn end(child: Child) -> Ran {
    let id = child.id().unwrap().to_string();
    std::process::Command::new("kill").args(["-INT", &id]).status().unwrap();
    finished(child).await
}

/// The one number a query gives.
pub(crate) async fn number(database: &TestDatabase, sql: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(database.pool()).await.unwrap()
}

/// Waits until a query gives this number.
pub(crate) async fn becomes(database: &TestDatabase, sql: &str, expected: i64) {
    let mut last = 0;
    for _ in 0..600 {
        last = number(database, sql).await;
        if last == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{sql}: {last}, not {expected}");
}
