//! `touchline demo`: a simulated Instantly, Vapi and LinkedIn tool on loopback, the real clients and the real receiver
//! against them, an Apollo file through the real importer, and a look at what came. On a terminal it stays up, and
//! replies arrive while one watches.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use engine::connections::{self, Issued, New};
use engine::db::Database;
use engine::overview::{self, Counts};
use engine::recordings::Recordings;
use engine::replies::{Asked, Reply};
use engine::source::Source;
use engine::sources::instantly::{Client, Instantly, Settings};
use engine::sources::vapi;
use engine::sync::{Options, Report, State, Stop, Unwatched};
use engine::{demo, import, inbox, leads, timeline};
use jiff::{SignedDuration, Timestamp};
use simulator::{Clock, Manners, Simulator, Size, VapiKind};
use tokio::net::TcpListener;

use super::server::{Doors, Server, listen};
use super::{import as importing, lead, replies, show, sync};
use crate::config::{Global, Serve};
use crate::output;

/// A demo left alone for longer than this does not live through all of it.
const LONGEST_ABSENCE: Duration = Duration::from_secs(14 * 24 * 3600);
/// How long to wait until what was delivered is understood.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn clear(global: &Global, database: &Database) -> anyhow::Result<ExitCode> {
    demo::clear(database.pool()).await?;
    if global.json {
        output::json(&serde_json::json!({ "cleared": true }))?;
    } else {
        output::print("The demo is gone; the database is empty.");
    }
    Ok(ExitCode::SUCCESS)
}

/// Fills the database and shows it; stays up where that is wanted.
pub(super) async fn run(
    global: &Global,
    database: &Database,
    into_existing: bool,
    stays: bool,
    options: Serve,
) -> anyhow::Result<ExitCode> {
    let listener = if stays {
        listen(options.place.listen, true).await?
    } else {
        // Nobody but the simulation needs to find it.
        TcpListener::bind(("127.0.0.1", 0)).await?
    };
    let address = listener.local_addr()?;
    if stays {
        output::note(global, &format!("The page is at http://{address}/ while this runs.\n"));
    }
    let world = begin(database, into_existing).await?;
    let settings = Settings {
        api_url: world.url(),
        requests_per_minute: 0,
        emails_per_minute: 0,
        ..Settings::new(world.key())
    };
    let clock = sync::system_clock();
    let instantly = Instantly::new(Client::new(settings.clone(), clock.clone())?);
    let source: &dyn Source = &instantly;
    let calls = vapi::Settings {
        api_url: world.url(),
        requests_per_minute: 0,
        ..vapi::Settings::new(world.vapi_key())
    };
    let calls = Arc::new(vapi::Vapi::new(vapi::Client::new(calls, clock.clone())?));
    let server = Server {
        global,
        database,
        clock: &clock,
        listener,
        doors: Doors { hooks_only: !stays || options.hooks_only, ..Doors::of(&options, address) },
        public_url: format!("http://{address}"),
        emails_per_minute: 0,
        recordings: Recordings::new(vec![calls.clone()]),
        sources: vec![source, &*calls],
        scheduled: if stays { vec![source, &*calls] } else { Vec::new() },
        watch: &Unwatched,
        // What got lost on its way should be healed while one watches.
        haste: 5,
        told: &super::serve::log,
    };
    let shown = async |beside: super::server::Beside| {
        let outcome = fill(global, database, &world, source, &*calls, settings, address).await;
        match outcome {
            Ok(code) if stays => {
                output::print(&format!(
                    "\nThe page: http://{address}/   The demo goes on; Ctrl-C ends it.\n\nAs it arrives:\n"
                ));
                show::go_on(database, &world, beside.begun()).await;
                Ok(code)
            }
            outcome => {
                beside.end();
                outcome
            }
        }
    };
    server.run(shown).await?
}

/// The world as it stands by now: it lives on while nobody looks.
async fn begin(database: &Database, into_existing: bool) -> anyhow::Result<Simulator> {
    let now = Timestamp::now();
    let began_at = match demo::began_at(database.pool()).await? {
        Some(began_at) => began_at,
        None => {
            // whole seconds: the world is made from this and must come out the same next time
            let began_at = Timestamp::from_second(now.as_second())?;
            demo::mark(database.pool(), began_at, into_existing).await?;
            began_at
        }
    };
    let options = simulator::Options {
        size: Size::demo(),
        clock: Clock::fixed(began_at),
        listened: true,
        linkedin: true,
        lively: true,
        manners: Manners::live(),
        ..simulator::Options::default()
    };
    let world = Simulator::start(options).await?;
    let away =
        Duration::from_secs(now.as_second().saturating_sub(began_at.as_second()).max(0).unsigned_abs());
    world.advance(away.min(LONGEST_ABSENCE));
    Ok(world)
}

async fn fill(
    global: &Global,
    database: &Database,
    world: &Simulator,
    source: &dyn Source,
    calls: &dyn Source,
    settings: Settings,
    address: SocketAddr,
) -> anyhow::Result<ExitCode> {
    let pool = database.pool();
    let clock = sync::system_clock();
    let report = sync::pull(global, database, settings, &Options::default(), clock.clone()).await?;
    let vapi_campaign = world.world(|world| world.vapi(VapiKind::Campaign).keys().next().cloned());
    demo::furnish(pool, vapi_campaign.as_deref(), clock.now()).await?;
    let of_calls = sync::pull_from(global, database, calls, &Options::default(), &clock).await?;
    connect(global, database, world, source, &format!("http://{address}")).await?;
    let delivered = world.deliver_all().await;
    understood(database).await?;
    let export = import::Input::Stream {
        name: "apollo-contacts-export.csv".into(),
        source: Box::new(simulator::APOLLO_EXPORT.as_bytes()),
    };
    let (plain, bar) = (import::Options::default(), importing::Bar::new(global));
    let imported = import::import(pool, export, &plain, &clock, &Stop::never(), &bar).await;
    bar.0.finish_and_clear();
    let imported = imported?;
    let counts = overview::counts(pool).await?;
    let answered = engine::replies::list(pool, Asked::default(), None, 200, clock.now()).await?.replies;
    if global.json {
        output::json(&serde_json::json!({
            "run": report, "calls": of_calls, "counts": counts, "replies": answered, "import": imported.report,
            "delivered": delivered.taken,
        }))?;
    } else {
        tell(database, &report, &counts, &answered, &importing::told(&imported)).await?;
    }
    Ok(sync::exit_code(if of_calls.state == State::Finished { &report } else { &of_calls }))
}

/// Connections of the demo's own, and their addresses given to whoever sends.
async fn connect(
    global: &Global,
    database: &Database,
    world: &Simulator,
    source: &dyn Source,
    base: &str,
) -> anyhow::Result<()> {
    let (pool, keys, now) = (database.pool(), global.keys()?, Timestamp::now());
    let live = connections::list(pool, now).await?;
    let issued = async |source: &str, provider: &str| -> engine::Result<(Issued, Option<Timestamp>)> {
        let label = format!("demo-{source}");
        let before = live.iter().find(|one| one.label == label);
        let issued = match before {
            Some(before) => {
                connections::rotate(pool, &keys, &before.id.to_string(), None, SignedDuration::ZERO, now)
                    .await?
            }
            None => {
                let new = New { source: source.into(), provider: provider.into(), label, ..New::default() };
                connections::add(pool, &keys, new, now).await?
            }
        };
        Ok((issued, before.and_then(|before| before.last_delivery_at)))
    };
    let (mail, _) = issued("instantly", "").await?;
    let header = mail.header();
    let header = header.as_ref().map(|(name, value)| (name.as_str(), value.as_str()));
    let webhook = source
        .create_webhook("Touchline demo", &mail.url(base), header)
        .await
        .map_err(engine::Error::from)?;
    connections::set_webhook(pool, mail.id, &webhook.id).await?;
    let (linkedin, heard) = issued("linkedin", "heyreach").await?;
    if let Some(heard) = heard {
        // It was told up to then; a minute more, for what was on its way.
        world.world(|world| world.was_told_until(heard - SignedDuration::from_mins(1)));
    }
    world.world(|world| world.report_linkedin_to(&linkedin.url(base)));
    let (calls, heard) = issued("vapi", "").await?;
    // What happened before was pulled.
    let after = heard.unwrap_or(now).min(now - SignedDuration::from_mins(10));
    let header = calls.header();
    let header = header.as_ref().map(|(name, value)| (name.as_str(), value.as_str()));
    world.world(|world| world.report_calls_to(&calls.url(base), header, after));
    Ok(())
}

/// Waits until everything that was delivered is worked through.
async fn understood(database: &Database) -> engine::Result<()> {
    let began = std::time::Instant::now();
    loop {
        let waiting = inbox::overview(database.pool()).await?.waiting;
        let status = engine::sync::status(database.pool(), 0).await?;
        if waiting == 0 && status.waiting_to_be_normalised == 0 || began.elapsed() > PATIENCE {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
/// What a newcomer wants to see: what is here, who answered, one story, what to type next.
async fn tell(
    database: &Database,
    report: &Report,
    counts: &Counts,
    answered: &[Reply],
    imported: &str,
) -> anyhow::Result<()> {
    let n = |number: i64| output::count(number.unsigned_abs());
    output::print(&format!("\n{}", sync::summary(report)));
    output::print(&format!(
        "\nMirrored, whole and with history: {} campaigns, {} mailboxes, {} leads at {} companies, {} messages.\nFolded into one timeline: {} touches.",
        n(counts.campaigns),
        n(counts.accounts),
        n(counts.leads),
        n(counts.companies),
        n(counts.messages),
        n(counts.events)
    ));
    output::print(&format!("The vendor's own counters beside ours: {}", sync::totals(database).await?));
    output::print(&format!("\nAn Apollo export, imported (repeat it, and nothing changes):\n\n{imported}"));
    let known: Vec<&Reply> = answered.iter().filter(|reply| reply.lead_email.is_some()).collect();
    if !known.is_empty() {
        output::print("\nThe last three who answered:\n");
        let told = known.iter().take(3).map(|reply| replies::told(reply, Timestamp::now()));
        output::print(&told.collect::<Vec<_>>().join("\n"));
    }
    if counts.unmatched > 0 {
        output::print(&format!(
            "\n{} more came from addresses nobody is known by. They are kept: `touchline replies --unmatched`",
            n(counts.unmatched)
        ));
    }
    let address = known.first().and_then(|reply| reply.lead_email.clone());
    if let Some(address) = &address {
        let person = leads::by_email(database.pool(), address).await?;
        let touches = timeline::of_lead(database.pool(), person.id, None, 5).await?;
        output::print("\nOne timeline:\n");
        output::print(&format!("{}\n\n{}", lead::header(&person), lead::told(&touches, &person)));
    }
    let program = std::env::args().next().unwrap_or_else(|| "touchline".into());
    output::print(&format!(
        "\nNext:\n  {program} timeline {}\n  {program} replies\n  {program} status\n  {program} psql -c \"select campaign_name, campaign_status from campaigns\"\n\nYour own data instead:\n  {program} demo --clear\n  INSTANTLY_API_KEY=… {program} sync",
        address.unwrap_or_else(|| "EMAIL".into())
    ));
    Ok(())
}
