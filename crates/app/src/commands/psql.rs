//! `touchline psql`: psql on whichever database is in use.

use std::ffi::OsString;
use std::process::ExitCode;

use engine::Error;
use engine::db::Database;

pub(super) async fn run(database: &Database, args: Vec<OsString>) -> anyhow::Result<ExitCode> {
    // Ctrl-C belongs to psql while it runs.
    let ignored = tokio::spawn(async {
        loop {
            let _ = tokio::signal::ctrl_c().await;
        }
    });
    let mut command = tokio::process::Command::from(database.psql_command(args));
    let status = command.status().await.map_err(|error| {
        Error::invalid(
            format!("psql could not be started: {error}"),
            "install it: apt install postgresql-client | brew install libpq",
        )
    });
    ignored.abort();
    let code = status?.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}
