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
use engine::users::setup;
use jiff::Timestamp;
use tokio::net::TcpListener;
use web::Entry;

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
    let listener = TcpListener::bind(listen).await.map_err(|error| {
        Error::conflict(
            format!("{listen} cannot be listened on: {error}"),
            "choose another with `--listen` or TOUCHLINE_LISTEN",
        )
    })?;
    let here = listener.local_addr()?;
    output::note(global, &format!("listening on http://{here}; Ctrl-C stops"));
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
        entry: Entry {
            sign_in: options.sign_in || !listen.ip().is_loopback(),
            hosts: Vec::new(),
            plain_http: options.plain_http,
        },
    };
    let routes = if options.hooks_only {
        web::public_routes(pool, inbox.clone())
    } else {
        if tools.entry.sign_in {
            invite(global, database, &tools.public_url).await?;
        }
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

/// Where nobody can sign in as an admin yet: the link that makes the first one, this once.
async fn invite(global: &Global, database: &Database, base: &str) -> anyhow::Result<()> {
    if let Some(secret) = setup::give_first(database.pool(), Timestamp::now()).await? {
        output::note(
            global,
            &format!(
                "nobody can sign in yet; this link makes the first admin, once:\n  {}/setup/{}",
                base.trim_end_matches('/'),
                secret.reveal()
            ),
        );
    }
    Ok(())
}
