//! `touchline serve`: the HTTP server and the worker behind its webhooks, until Ctrl-C.

use std::process::ExitCode;

use engine::Error;
use engine::clock::Clock;
use engine::db::Database;
use engine::inbox::{self, Inbox, Limits};
use engine::sync::Stop;
use engine::users::setup;
use jiff::Timestamp;
use tokio::net::TcpListener;
use web::{Entry, Served};

use super::sync;
use crate::config::{Global, Serve};
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, options: Serve) -> anyhow::Result<ExitCode> {
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
    let routes = if options.hooks_only {
        web::public_routes(pool, inbox.clone())
    } else {
        let entry = Entry {
            sign_in: options.sign_in || !listen.ip().is_loopback(),
            hosts: Vec::new(),
            plain_http: options.plain_http,
        };
        let public_url = options.public_url.unwrap_or_else(|| format!("http://{here}"));
        if entry.sign_in {
            invite(global, database, &public_url).await?;
        }
        let served = Served { entry, keys: global.keys()?, public_url };
        web::routes(pool, inbox.clone(), clock.clone(), served)
    };
    let (handle, stop) = Stop::new();
    let serving = async {
        let served = web::serve(listener, routes, sync::interrupted()).await;
        // Everything that was answered is stored; what is not worked through yet waits for the next process.
        handle.ask();
        served
    };
    let (served, ()) = tokio::join!(serving, inbox::work(database, &inbox, &clock, stop));
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
