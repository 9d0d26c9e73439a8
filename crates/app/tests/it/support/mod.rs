//! Starts the binary as a person or a scheduler would: with an environment, without a terminal.

pub(crate) mod dump;
pub(crate) mod server;
pub(crate) mod state;
pub(crate) mod vendor;

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use simulator::{Fault, Rule, Simulator, Size};
use testkit::TestDatabase;
use tokio::process::{Child, Command};

/// The binary with an environment of nothing but what is needed: no setting of this machine can leak in.
pub(crate) fn touchline(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_touchline"));
    command.args(arguments).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    // Never the home of whoever runs the tests.
    command.env("TOUCHLINE_HOME", "/nonexistent/touchline").env("RUST_BACKTRACE", "1");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// The same on a database.
pub(crate) fn on(database: &TestDatabase, arguments: &[&str]) -> Command {
    let mut command = touchline(arguments);
    command.env("DATABASE_URL", url(database));
    command
}

/// Its address, for a workspace in `public` whatever the server's user is called.
pub(crate) fn url(database: &TestDatabase) -> String {
    format!("{}&options=-c%20search_path%3Dpublic", database.url())
}

/// A database that the binary itself has brought to the current schema.
pub(crate) async fn database() -> TestDatabase {
    let database = testkit::empty_database().await;
    run(&mut on(&database, &["migrate"])).await.expect(0);
    database
}

/// The environment that leads to a simulator, at full speed.
pub(crate) fn reaching<'a>(command: &'a mut Command, vendor: &Simulator) -> &'a mut Command {
    command
        .env("INSTANTLY_API_URL", vendor.url())
        .env("INSTANTLY_API_KEY", vendor.key())
        .env("INSTANTLY_REQUESTS_PER_MINUTE", "0")
        .env("INSTANTLY_EMAILS_PER_MINUTE", "0")
        .env("INSTANTLY_RETRY_PAUSE_MS", "20")
}

/// `touchline sync --json` on a database, against a vendor.
pub(crate) fn sync(database: &TestDatabase, vendor: &Simulator) -> Command {
    let mut command = on(database, &["sync", "--json"]);
    reaching(&mut command, vendor);
    command
}

/// What a run of the binary left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs it to its end.
pub(crate) async fn run(command: &mut Command) -> Ran {
    finished(command.spawn().unwrap()).await
}

/// Waits for the end of one that was started.
pub(crate) async fn finished(child: Child) -> Ran {
    let output = tokio::time::timeout(Duration::from_secs(180), child.wait_with_output());
    let output = output.await.expect("it hangs").unwrap();
    Ran {
        status: output.status,
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ran {
    /// Itself, if it ended with this exit code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "{}\n{}", self.stdout, self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        self
    }

    /// Standard output as exactly one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A world with several pages of leads and e-mails, always the same. Its vendor takes its time, so that there is a
/// middle to fall into.
pub(crate) async fn world() -> Simulator {
    let size = Size { campaigns: 2, leads: 220, accounts: 4, steps: 3, bulk: None };
    let vendor =
        Simulator::start(simulator::Options { size, ..simulator::Options::default() }).await.unwrap();
    let chunk_every = Duration::from_millis(2);
    vendor.faults().push(Rule::always("/api/v2/", Fault::SlowBody { chunk_every }));
    vendor
}

/// A small world at full speed.
pub(crate) async fn small_world() -> Simulator {
    Simulator::start(simulator::Options::default()).await.unwrap()
}

/// A number from the environment, or the one for every day.
pub(crate) fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// The dice of a test. `TOUCHLINE_SEED` repeats the throws that a failed test has printed.
pub(crate) fn dice() -> fastrand::Rng {
    let seed = setting("TOUCHLINE_SEED", fastrand::u64(1..1_000_000));
    eprintln!("TOUCHLINE_SEED={seed}");
    fastrand::Rng::with_seed(seed)
}

/// A moment before `end`.
pub(crate) fn moment(dice: &mut fastrand::Rng, end: Duration) -> Duration {
    end.mul_f64(dice.f64())
}
