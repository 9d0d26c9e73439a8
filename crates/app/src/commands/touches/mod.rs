//! What people do about touches and stops, one file a noun.

mod check;
mod link;
mod log;
mod stops;
mod suppress;

use std::process::ExitCode;

use engine::db::Database;
use engine::touches::{Followed, Stopped};

use crate::config::{Check, Global, Touches};
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, command: Touches) -> anyhow::Result<ExitCode> {
    match command {
        Touches::Log(asked) => log::run(global, database, asked).await,
        Touches::Undo { touch } => log::undo(global, database, touch).await,
        Touches::Interest { lead, interest, campaign, note } => {
            log::interest(global, database, &lead, interest, campaign.as_deref(), note.as_deref()).await
        }
        Touches::Resume { lead, campaign, note } => {
            log::resume(global, database, &lead, campaign.as_deref(), note.as_deref()).await
        }
        Touches::Link { event, lead, create } => {
            link::run(global, database, event, lead.as_deref(), create).await
        }
        Touches::Unlink { event } => link::unlink(global, database, event).await,
        Touches::Suppress(asked) => suppress::run(global, database, asked).await,
        Touches::Suppressions { command } => suppress::list(global, database, command).await,
        Touches::Stops { command, all, lead, limit } => {
            stops::run(global, database, command, all, lead.as_deref(), limit).await
        }
        Touches::Check { command: Check::Safety { all } } => check::safety(global, database, all).await,
    }
}

/// What followed from a touch, in words; nothing where nothing did.
fn followed(followed: &Followed) -> Vec<String> {
    let mut lines = Vec::new();
    if !followed.stopped.is_empty() {
        lines.push(format!("Stopped: {}.", campaigns(&followed.stopped)));
    }
    for suppression in &followed.suppressions {
        lines.push(format!(
            "Suppressed on {}: {} ({}).",
            channel(&suppression.channel),
            output::plain(&suppression.who()),
            suppression.reason.replace('_', " ")
        ));
    }
    for receipt in &followed.receipts {
        let mark = if receipt.red { "✗ RED" } else { "✓" };
        let took = receipt.milliseconds.map(|took| format!(", {took} ms")).unwrap_or_default();
        let answer = match (&receipt.answer, receipt.red) {
            (Some(answer), _) => output::plain(answer),
            (None, true) => "nobody has told it yet".into(),
            (None, false) => receipt.state.clone(),
        };
        lines.push(format!("  {mark} {}: {answer}{took}", output::plain(&receipt.target())));
    }
    if followed.receipts.iter().any(|receipt| receipt.red) {
        lines.push(
            "  what is red has to be stopped there; then: touchline stops done RECEIPT (touchline stops)"
                .into(),
        );
    }
    lines
}

fn campaigns(stopped: &[Stopped]) -> String {
    stopped
        .iter()
        .map(|one| format!("{} ({})", output::plain(&one.campaign_name), one.overall_status))
        .collect::<Vec<_>>()
        .join(", ")
}

fn channel(word: &str) -> &str {
    match word {
        "all" => "every channel",
        "email" => "e-mail",
        "call" => "the phone",
        "linkedin" => "LinkedIn",
        other => other,
    }
}
