//! The server as `serve`, `up` and `demo` run it: HTTP, the worker behind webhooks, long work that pages ask for, the
//! schedule, and whatever goes on beside them. Ends on Ctrl-C, or when what goes on beside it says so.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use engine::clock::Clock;
use engine::db::Database;
use engine::inbox::{self, Inbox, Limits};
use engine::jobs::{self, Wake};
use engine::recordings::Recordings;
use engine::schedule::{Schedule, Told};
use engine::source::Source;
use engine::sync::{Stop, StopHandle, Watch};
use engine::users::setup;
use engine::{Error, Result};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use web::Entry;

use super::sync;
use crate::config::{Global, Serve, USUAL};
use crate::output;

/// How many ports after the usual one are tried where nobody named one.
const NEXT_PORTS: u16 = 9;

/// How often the private database server is looked after.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What a server does.
pub(super) struct Server<'a> {
    pub(super) global: &'a Global,
    pub(super) database: &'a Database,
    pub(super) clock: &'a Clock,
    pub(super) listener: TcpListener,
    pub(super) doors: Doors,
    pub(super) public_url: String,
    pub(super) emails_per_minute: u32,
    pub(super) recordings: Recordings,
    /// What pages may have pulled.
    pub(super) sources: Vec<&'a dyn Source>,
    /// What is pulled by itself.
    pub(super) scheduled: Vec<&'a dyn Source>,
    pub(super) watch: &'a dyn Watch,
    /// The schedule so many times as often.
    pub(super) haste: u32,
    pub(super) told: &'a (dyn Fn(&Told) + Sync),
}

/// Who may come in, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doors {
    /// Webhooks and health, and nothing else.
    pub(super) hooks_only: bool,
    pub(super) sign_in: bool,
    pub(super) plain_http: bool,
}

impl Doors {
    /// As they were asked for; beyond this machine everybody signs in.
    pub(super) fn of(options: &Serve, address: SocketAddr) -> Self {
        Self {
            hooks_only: options.hooks_only,
            sign_in: options.sign_in || !address.ip().is_loopback(),
            plain_http: options.plain_http,
        }
    }
}

/// What goes on beside a server may end it, and sees when it ends. Nothing is pulled by itself before it lets go of this.
pub(super) struct Beside {
    stop: Stop,
    end: oneshot::Sender<()>,
    _unscheduled: oneshot::Sender<Infallible>,
}

impl Beside {
    /// Ends the server.
    pub(super) fn end(self) {
        let _ = self.end.send(());
    }

    /// Lets the schedule begin; what comes back says when the server ends.
    pub(super) fn begun(self) -> Stop {
        self.stop
    }
}

impl Server<'_> {
    /// Runs until Ctrl-C, or until `beside` ends it.
    pub(super) async fn run<T>(self, beside: impl AsyncFnOnce(Beside) -> T) -> anyhow::Result<T> {
        let pool = self.database.pool().clone();
        let keys = self.global.keys()?;
        let inbox = Inbox::start(pool.clone(), keys.clone(), self.clock.clone(), Limits::default());
        let wake = Wake::default();
        let tools = web::Tools {
            wake: wake.clone(),
            sources: self.sources.iter().map(|source| source.name()).collect(),
            recordings: self.recordings,
            keys,
            public_url: self.public_url,
            emails_per_minute: self.emails_per_minute,
            entry: Entry {
                sign_in: self.doors.sign_in,
                hosts: Vec::new(),
                plain_http: self.doors.plain_http,
            },
        };
        let routes = if self.doors.hooks_only {
            web::public_routes(pool, inbox.clone())
        } else {
            if tools.entry.sign_in {
                invite(self.global, self.database, &tools.public_url, self.clock.now()).await?;
            }
            web::routes(pool, inbox.clone(), self.clock.clone(), tools)
        };
        let (handle, stop) = Stop::new();
        let (end, ended) = oneshot::channel::<()>();
        let schedule = Schedule {
            database: self.database,
            sources: self.scheduled,
            clock: self.clock,
            watch: self.watch,
            haste: self.haste,
            told: self.told,
        };
        let serving = serving(self.listener, routes, handle, ended, self.global);
        let (unscheduled, may_pull) = oneshot::channel();
        let beside = beside(Beside { stop: stop.clone(), end, _unscheduled: unscheduled });
        let scheduled = async {
            // Nothing is ever sent: the other end is let go of.
            let _ = may_pull.await;
            schedule.run(stop.clone()).await;
        };
        let work = async {
            tokio::join!(
                inbox::work(self.database, &inbox, self.clock, stop.clone()),
                jobs::work(self.database, &self.sources, self.clock, &wake, stop.clone()),
                look_after(self.database, stop.clone()),
                Box::pin(scheduled),
            );
        };
        let (served, (), outcome) = tokio::join!(serving, Box::pin(work), Box::pin(beside));
        served?;
        Ok(outcome)
    }
}

/// A private server that dies comes back while we serve: nobody else starts it.
async fn look_after(database: &Database, mut stop: Stop) {
    while database.is_local() && !stop.is_asked() {
        tokio::select! {
            () = stop.asked() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {
                if let Err(error) = database.look_after().await {
                    tracing::warn!(%error, "the private database server is away and does not start");
                }
            }
        }
    }
}

/// Serves until somebody asks to stop; a second Ctrl-C ends the process at once.
async fn serving(
    listener: TcpListener,
    routes: web::Router,
    handle: StopHandle,
    ended: oneshot::Receiver<()>,
    global: &Global,
) -> std::io::Result<()> {
    let quiet = global.json;
    let asked = async move {
        tokio::select! {
            () = sync::interrupted() => {
                if !quiet {
                    output::aside("stopping; what came is kept. Again to stop at once.");
                }
                tokio::spawn(async {
                    sync::interrupted().await;
                    std::process::exit(130);
                });
            }
            Ok(()) = ended => {}
        }
        // Everything that was answered is stored; what is not worked through yet waits for the next process.
        handle.ask();
    };
    web::serve(listener, routes, asked).await
}

/// Listens where it was said, or at the usual place; where that is taken, at the next free port.
pub(super) async fn listen(asked: Option<SocketAddr>, may_move: bool) -> Result<TcpListener> {
    let refused = |place: SocketAddr, error: &std::io::Error| {
        Error::conflict(
            format!("{place} cannot be listened on: {error}"),
            "choose another with `--listen` or TOUCHLINE_LISTEN",
        )
    };
    let first = asked.unwrap_or(USUAL);
    let error = match TcpListener::bind(first).await {
        Ok(listener) => return Ok(listener),
        Err(error) => error,
    };
    if asked.is_none() && may_move && error.kind() == std::io::ErrorKind::AddrInUse {
        for port in USUAL.port() + 1..=USUAL.port() + NEXT_PORTS {
            if let Ok(listener) = TcpListener::bind(SocketAddr::new(USUAL.ip(), port)).await {
                return Ok(listener);
            }
        }
    }
    Err(refused(first, &error))
}

/// Where nobody can sign in as an admin yet: the link that makes the first one, this once.
async fn invite(global: &Global, database: &Database, base: &str, now: Timestamp) -> anyhow::Result<()> {
    if let Some(secret) = setup::give_first(database.pool(), now).await? {
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
