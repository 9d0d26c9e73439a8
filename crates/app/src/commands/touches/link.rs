//! `touchline link` and `unlink`: who an unknown sender is.

use std::process::ExitCode;

use engine::db::Database;
use engine::touches;
use jiff::Timestamp;
use uuid::Uuid;

use crate::config::Global;
use crate::output;

pub(super) async fn run(
    global: &Global,
    database: &Database,
    event: Uuid,
    lead: Option<&str>,
    create: bool,
) -> anyhow::Result<ExitCode> {
    let (pool, now) = (database.pool(), Timestamp::now());
    let linked = match lead {
        Some(lead) => touches::link(pool, event, lead, now).await?,
        None if create => touches::link_new(pool, event, now).await?,
        None => return suggest(global, database, event).await,
    };
    if global.json {
        output::json(&linked)?;
        return Ok(ExitCode::SUCCESS);
    }
    let who = output::plain(&linked.lead.who());
    if linked.was_linked {
        output::print(&format!("It is {who}'s already; nothing changed."));
        return Ok(ExitCode::SUCCESS);
    }
    let made = if linked.is_new_lead { " (a new lead)" } else { "" };
    let from = linked.contact_address.as_deref().map_or_else(
        || "It names no address, so nothing else follows it.".to_owned(),
        |address| format!("What comes from {} is theirs from now on.", output::plain(address)),
    );
    let events = if linked.events == 1 {
        "1 touch".into()
    } else {
        format!("{} touches", output::count(linked.events))
    };
    let mut lines = vec![format!("Linked {events} to {who}{made}. {from}")];
    lines.extend(super::followed(&linked.followed));
    output::print(&lines.join("\n"));
    output::note(global, &format!("take it back: touchline unlink {event}"));
    Ok(ExitCode::SUCCESS)
}

async fn suggest(global: &Global, database: &Database, event: Uuid) -> anyhow::Result<ExitCode> {
    let suggested = touches::suggest(database.pool(), event).await?;
    if global.json {
        output::json(&suggested)?;
    } else if suggested.is_empty() {
        output::print(&format!(
            "Nobody known comes near. Make a new lead of it: touchline link {event} --create"
        ));
    } else {
        let rows: Vec<Vec<String>> = suggested
            .iter()
            .map(|one| {
                let name = one.full_name.as_deref().or(one.email.as_deref()).unwrap_or("(no name)");
                let address = one.email.as_deref().unwrap_or("");
                vec![one.lead_id.to_string(), output::plain(name), output::plain(address), one.why.clone()]
            })
            .collect();
        output::print(&format!("It might be:\n{}", output::table(&rows)));
        output::note(global, &format!("settle it: touchline link {event} LEAD, or --create for a new one"));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn unlink(global: &Global, database: &Database, event: Uuid) -> anyhow::Result<ExitCode> {
    let unlinked = touches::unlink(database.pool(), event, Timestamp::now()).await?;
    if global.json {
        output::json(&unlinked)?;
    } else if unlinked.was_unlinked {
        output::print("Nobody is linked to it; nothing changed.");
    } else {
        output::print(&format!(
            "Unlinked. Touches that wait for their person again: {}.",
            output::count(unlinked.events)
        ));
    }
    Ok(ExitCode::SUCCESS)
}
