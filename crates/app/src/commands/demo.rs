//! `touchline demo`: a simulated Instantly on loopback, the real client against it, and a look at what came.

use std::process::ExitCode;
use std::time::Duration;

use engine::db::Database;
use engine::overview::{self, Counts};
use engine::replies::{Asked, Reply};
use engine::sources::instantly::Settings;
use engine::sync::{Options, Report};
use engine::{demo, leads, timeline};
use jiff::Timestamp;
use simulator::{Clock, Simulator, Size};

use super::{lead, replies, sync};
use crate::config::Global;
use crate::output;

/// A demo left alone for longer than this does not live through all of it.
const LONGEST_ABSENCE: Duration = Duration::from_secs(14 * 24 * 3600);

pub(super) async fn clear(global: &Global, database: &Database) -> anyhow::Result<ExitCode> {
    demo::clear(database.pool()).await?;
    if global.json {
        output::json(&serde_json::json!({ "cleared": true }))?;
    } else {
        output::print("The demo is gone; the database is empty.");
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn run(
    global: &Global,
    database: &Database,
    into_existing: bool,
) -> anyhow::Result<ExitCode> {
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
        ..simulator::Options::default()
    };
    let world = Simulator::start(options).await?;
    // The world lives on while nobody looks: replies come in, leads move.
    let away =
        Duration::from_secs(now.as_second().saturating_sub(began_at.as_second()).max(0).unsigned_abs());
    world.advance(away.min(LONGEST_ABSENCE));

    let report = pull(global, database, &world).await?;
    let counts = overview::counts(database.pool()).await?;
    let answered = engine::replies::list(database.pool(), Asked::default(), None, 200, now).await?.replies;
    if global.json {
        output::json(&serde_json::json!({ "run": report, "counts": counts, "replies": answered }))?;
    } else {
        tell(database, &report, &counts, &answered).await?;
    }
    let code = sync::exit_code(&report);
    Ok(code)
}

async fn pull(global: &Global, database: &Database, world: &Simulator) -> engine::Result<Report> {
    let settings = Settings {
        api_url: world.url(),
        requests_per_minute: 0,
        emails_per_minute: 0,
        ..Settings::new(world.key())
    };
    sync::pull(global, database, settings, &Options::default(), sync::system_clock()).await
}

/// What a newcomer wants to see: what is here, who answered, one story, what to type next.
async fn tell(
    database: &Database,
    report: &Report,
    counts: &Counts,
    answered: &[Reply],
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
