//! `touchline serve`: the HTTP server and the worker behind its webhooks, until Ctrl-C.

use std::process::ExitCode;

use engine::Error;
use engine::clock::Clock;
use engine::db::Database;
use engine::inbox::{self, Inbox, Limits};
use engine::jobs::{self, Wake};
use engine::source::Source;
use engine::sources::{instantly, vapi};
use engine::sync::Stop;
use jiff::Timestamp;
use tokio::net::TcpListener;

use super::sync;
use crate::config::{Global, Instantly, Serve, Vapi};
use crate::output;

pub(super) async fn run(
    global: &Global,
    database: &Database,
    asked: &Instantly,
    calls: &Vapi,
    options: Serve,
) -> anyhow::Result<ExitCode> {
    let listen = options.listen;
    if !listen.ip().is_loopback() && !options.hooks_only {
        return Err(Error::invalid(
            format!("{listen} can be reached by others, and there is no sign-in yet"),
            "add `--hooks-only` to serve webhooks there and nothing else, or listen on 127.0.0.1 and reach it through \
             an SSH tunnel",
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
    let clock = Clock::new(Timestamp::now);
    let pool = database.pool().clone();
    let inbox = Inbox::start(pool.clone(), global.keys()?, clock.clone(), Limits::default());
    let instantly = match asked.has_key() {
        true => Some(instantly::Instantly::new(instantly::Client::new(asked.settings()?, clock.clone())?)),
        false => None,
    };
    let vapi = match calls.has_key() {
        true => Some(vapi::Vapi::new(vapi::Client::new(calls.settings()?, clock.clone())?)),
        false => None,
    };
    let sources: Vec<&dyn Source> = instantly
        .iter()
        .map(|source| source as &dyn Source)
        .chain(vapi.iter().map(|source| source as &dyn Source))
        .collect();
    let wake = Wake::default();
    let tools = web::Tools {
        wake: wake.clone(),
        sources: sources.iter().map(|source| source.name()).collect(),
        keys: global.keys()?,
        public_url: options.place.public_url.clone(),
        emails_per_minute: asked.emails_per_minute,
    };
    let routes = if options.hooks_only {
        web::public_routes(pool, inbox.clone())
    } else {
        web::routes(pool, inbox.clone(), clock.clone(), tools)
    };
    let (handle, stop) = Stop::new();
    let serving = async {
        let served = web::serve(listener, routes, sync::interrupted()).await;
        // Everything that was answered is stored; what is not worked through yet waits for the next process.
        handle.ask();
        served
    };
    let (served, (), ()) = tokio::join!(
        serving,
        inbox::work(database, &inbox, &clock, stop.clone()),
        jobs::work(database, &sources, &clock, &wake, stop)
    );
    served?;
    Ok(ExitCode::SUCCESS)
}
