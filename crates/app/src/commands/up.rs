//! `touchline up`: without a key the demo; with one the first pull, newest first, and then the server with all that goes
//! on by itself. What `bin/up` ends in.

use std::net::SocketAddr;
use std::process::ExitCode;

use engine::connections::{self, New};
use engine::db::Database;
use engine::demo as demo_data;
use engine::recordings::Recordings;
use engine::schedule::Told;
use engine::source::Source;
use engine::sources::instantly::{Client, access};

use super::server::{Doors, Server, listen};
use super::{demo, serve, sources, sync};
use crate::config::{Global, Instantly, Sync, Up, Vapi};
use crate::output;
use crate::progress::Progress;

pub(super) async fn run(
    global: &Global,
    database: &Database,
    instantly: &Instantly,
    vapi: &Vapi,
    options: Up,
) -> anyhow::Result<ExitCode> {
    let ends = options.once || global.json;
    if !instantly.has_key() {
        output::note(
            global,
            "No INSTANTLY_API_KEY is set, so here is the demo: a simulated workspace, nothing leaves this machine.\n",
        );
        return demo::run(global, database, false, !ends, options.serve).await;
    }
    demo_data::refuse_real_data(database.pool()).await?;
    let listener = if ends { None } else { Some(listen(options.serve.place.listen, true).await?) };
    let address = listener.as_ref().and_then(|listener| listener.local_addr().ok());
    if let Some(address) = address {
        output::note(global, &format!("The page is at http://{address}/ while this runs.\n"));
    }
    let may_go_on = tell_access(global, instantly).await?;
    if !may_go_on {
        return Ok(ExitCode::FAILURE);
    }
    output::note(
        global,
        "First the newest, then the rest: Instantly answers 20 requests for e-mails a minute and we send 17 (1,700 messages), so a long history takes a while. Ctrl-C is safe; the next run goes on.\n",
    );
    let Some(listener) = listener else {
        return sync::run(global, database, instantly, vapi, &Sync::default()).await;
    };
    let address = listener.local_addr()?;
    let public_url = options.serve.place.or_here(address);
    tell_webhook(global, database, &public_url).await?;
    let clock = sync::system_clock();
    let sources = sources::asked_for(instantly, vapi, &clock)?;
    let all: Vec<&dyn Source> = sources.iter().map(AsRef::as_ref).collect();
    let scheduled = if options.serve.no_sync { Vec::new() } else { all.clone() };
    Server {
        global,
        database,
        clock: &clock,
        listener,
        doors: Doors::of(&options.serve, address),
        public_url,
        emails_per_minute: instantly.emails_per_minute,
        recordings: Recordings::new(sources.clone()),
        sources: all,
        scheduled,
        watch: &Progress::new(global),
        haste: 1,
        told: &|told: &Told| tell(global, told, address),
    }
    .run(async |beside| drop(beside.begun()))
    .await?;
    Ok(ExitCode::SUCCESS)
}

/// What the key may see, and what each missing scope costs. False: it may see nothing.
async fn tell_access(global: &Global, instantly: &Instantly) -> anyhow::Result<bool> {
    let client = Client::new(instantly.settings()?, sync::system_clock())?;
    let scopes = access(&client).await.map_err(engine::Error::from)?;
    let missing: Vec<_> = scopes.iter().filter(|scope| !scope.allowed).collect();
    if missing.is_empty() {
        output::note(global, "The key may see everything that Touchline reads.");
    }
    for scope in &missing {
        output::note(
            global,
            &format!("Without the scope {} Touchline cannot see {}.", scope.scope, scope.without),
        );
    }
    if !missing.is_empty() {
        output::note(
            global,
            "hint: a key with all:read sees everything (Instantly: Settings, Integrations, API Keys)",
        );
    }
    Ok(missing.len() < scopes.len())
}

/// The webhook address to paste, once; its secrets are not kept in clear.
async fn tell_webhook(global: &Global, database: &Database, public_url: &str) -> anyhow::Result<()> {
    let clock = sync::system_clock();
    let live = connections::list(database.pool(), clock.now()).await?;
    if let Some(there) = live.iter().find(|one| one.source == "instantly") {
        output::note(
            global,
            &format!(
                "Webhooks come in by the connection `{0}`; `touchline connections rotate {0}` shows a new address.",
                there.label
            ),
        );
        return Ok(());
    }
    let new = New { source: "instantly".into(), ..New::default() };
    let issued = connections::add(database.pool(), &global.keys()?, new, clock.now()).await?;
    let rows: Vec<Vec<String>> = issued
        .settings(public_url)
        .into_iter()
        .map(|setting| vec![format!("  {}", setting.field), setting.value])
        .collect();
    output::note(
        global,
        &format!(
            "Openings, clicks, bounces and opt-outs come by webhook only. Paste this at {} (shown this once; set \
             TOUCHLINE_PUBLIC_URL to where Instantly reaches this machine, or let `touchline connections add instantly \
             --create` make it):\n\n{}\n",
            issued.place(),
            output::table(&rows)
        ),
    );
    Ok(())
}

/// A job that ended: the first pull in full, the others in the log.
fn tell(global: &Global, told: &Told, address: SocketAddr) {
    serve::log(told);
    let Some(report) = &told.report else { return };
    let is_news = told.resumed > 0
        || told.state == "failed"
        || report.streams.iter().any(|receipt| receipt.new + receipt.changed > 0);
    if is_news && !global.json {
        output::print(&format!("\n{}\n\nThe page: http://{address}/", sync::summary(report)));
    }
}
