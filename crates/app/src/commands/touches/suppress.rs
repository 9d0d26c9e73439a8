//! `touchline suppress` and `suppressions`: who must not be contacted.

use std::process::ExitCode;

use engine::db::Database;
use engine::suppressions::{self, Ask, Asked, Suppression};
use jiff::Timestamp;

use crate::config::{Global, Suppress, Suppressions};
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, asked: Suppress) -> anyhow::Result<ExitCode> {
    let Suppress { who, channel, reason, note, company } = asked;
    let ask = Ask { who, channel, reason, note, company };
    let added = suppressions::suppress(database.pool(), &ask, None, Timestamp::now()).await?;
    if global.json {
        output::json(&added)?;
        return Ok(ExitCode::SUCCESS);
    }
    let known =
        if added.lead_id.is_none() && added.scope != "company" { "; nobody is known by it yet" } else { "" };
    output::print(&format!(
        "Not to be contacted on {}: {} ({}){known}.",
        super::channel(&added.channel),
        output::plain(&added.who()),
        output::plain(&added.reason.replace('_', " "))
    ));
    output::note(global, &format!("take it back: touchline suppressions lift {} --why …", added.id));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn list(
    global: &Global,
    database: &Database,
    command: Option<Suppressions>,
) -> anyhow::Result<ExitCode> {
    let (asked, limit) = match command {
        Some(Suppressions::Lift { id, why }) => {
            let lifted = suppressions::lift(database.pool(), id, &why, None, Timestamp::now()).await?;
            if global.json {
                output::json(&lifted)?;
            } else {
                output::print(&format!(
                    "May be contacted on {} again: {}.",
                    super::channel(&lifted.channel),
                    output::plain(&lifted.who())
                ));
                output::note(global, "campaigns that stopped stay stopped: touchline resume LEAD");
            }
            return Ok(ExitCode::SUCCESS);
        }
        Some(Suppressions::List { who, channel, reason, lifted, limit }) => {
            let reason = reason.map(|reason| reason.replace('-', "_"));
            (Asked { who, channel, reason, lifted, after: None }, limit)
        }
        None => (Asked::default(), 50),
    };
    let page = suppressions::list(database.pool(), &asked, limit).await?;
    if global.json {
        output::json(&page)?;
    } else if page.suppressions.is_empty() {
        output::print("Nobody is suppressed.");
    } else {
        output::print(&output::table(&page.suppressions.iter().map(row).collect::<Vec<_>>()));
        if page.next.is_some() {
            output::note(global, "there are more: --limit");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn row(one: &Suppression) -> Vec<String> {
    let mut why = output::plain(&one.reason.replace('_', " "));
    if let Some(note) = &one.note {
        why.push_str(&format!(" ({})", output::excerpt(note, 60)));
    }
    if one.lifted_at.is_some() {
        why.push_str(", lifted");
    }
    vec![
        output::instant(one.suppressed_at),
        output::plain(&one.who()),
        super::channel(&one.channel).to_owned(),
        one.source.clone(),
        one.id.to_string(),
        why,
    ]
}
