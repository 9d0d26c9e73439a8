//! `touchline serve`: the HTTP server, the worker behind its webhooks and the schedule, until Ctrl-C.

use std::process::ExitCode;

use engine::db::Database;
use engine::demo;
use engine::recordings::Recordings;
use engine::schedule::Told;
use engine::source::Source;
use engine::sync::Unwatched;

use super::server::{Doors, Server, listen};
use super::{sources, sync};
use crate::config::{Global, Instantly, Serve, Vapi};
use crate::output;

pub(super) async fn run(
    global: &Global,
    database: &Database,
    asked: &Instantly,
    calls: &Vapi,
    options: Serve,
) -> anyhow::Result<ExitCode> {
    let listener = listen(options.place.listen, false).await?;
    let address = listener.local_addr()?;
    output::note(global, &format!("listening on http://{address}; Ctrl-C stops"));
    let clock = sync::system_clock();
    let sources = sources::asked_for(asked, calls, &clock)?;
    let all: Vec<&dyn Source> = sources.iter().map(AsRef::as_ref).collect();
    let scheduled = match () {
        () if options.no_sync => Vec::new(),
        () if demo::began_at(database.pool()).await?.is_some() => {
            if !all.is_empty() {
                output::note(global, "This database holds the demo, so nothing real is pulled into it.");
            }
            Vec::new()
        }
        () => all.clone(),
    };
    if !scheduled.is_empty() {
        let names: Vec<&str> = scheduled.iter().map(|source| source.name()).collect();
        output::note(
            global,
            &format!("pulling {} by itself; `touchline status` says when", names.join(", ")),
        );
    }
    Server {
        global,
        database,
        clock: &clock,
        listener,
        doors: Doors::of(&options, address),
        public_url: options.place.or_here(address),
        emails_per_minute: asked.emails_per_minute,
        recordings: Recordings::new(sources.clone()),
        sources: all,
        scheduled,
        watch: &Unwatched,
        haste: 1,
        told: &|told: &Told| log(told),
    }
    .run(async |beside| drop(beside.begun()))
    .await?;
    Ok(ExitCode::SUCCESS)
}

/// A job that ended: to the log, loud where it needs somebody.
pub(super) fn log(told: &Told) {
    let reason = told.reason.as_deref().unwrap_or_default();
    match told.state {
        "failed" => tracing::warn!(job = told.job, reason, "a job of the schedule failed; it is tried again"),
        state => tracing::info!(
            job = told.job,
            state,
            reason,
            resumed = told.resumed,
            "a job of the schedule ended"
        ),
    }
}
