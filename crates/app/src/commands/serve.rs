//! `touchline serve`: the HTTP server, until Ctrl-C.

use std::net::SocketAddr;
use std::process::ExitCode;

use engine::Error;
use engine::db::Database;
use tokio::net::TcpListener;

use super::sync;
use crate::config::Global;
use crate::output;

pub(super) async fn run(
    global: &Global,
    database: &Database,
    listen: SocketAddr,
) -> anyhow::Result<ExitCode> {
    if !listen.ip().is_loopback() {
        return Err(Error::invalid(
            format!("{listen} can be reached by others, and there is no sign-in yet"),
            "listen on 127.0.0.1 and reach it through an SSH tunnel",
        )
        .into());
    }
    let listener = TcpListener::bind(listen).await.map_err(|error| {
        Error::conflict(
            format!("{listen} cannot be listened on: {error}"),
            "choose another with `--listen` or TOUCHLINE_LISTEN",
        )
    })?;
    output::note(global, &format!("listening on http://{}; Ctrl-C stops", listener.local_addr()?));
    web::serve(listener, database.pool().clone(), sync::interrupted()).await?;
    Ok(ExitCode::SUCCESS)
}
