//! `touchline log`, `undo`, `interest`, `resume`.

use std::process::ExitCode;

use engine::db::Database;
use engine::funnel;
use engine::touches::{self, Interest, Logged};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::config::{Global, Kind, Log};
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, asked: Log) -> anyhow::Result<ExitCode> {
    let (pool, now) = (database.pool(), Timestamp::now());
    let zone = TimeZone::get(&funnel::time_zone(pool).await?).unwrap_or(TimeZone::UTC);
    let text = asked.text.join(" ");
    let log = touches::Log {
        kind: match asked.kind {
            Kind::Call => touches::Kind::Call,
            Kind::Note => touches::Kind::Note,
            Kind::Linkedin => touches::Kind::Linkedin,
            Kind::Email => touches::Kind::Email,
        },
        who: asked.lead,
        text: Some(text).filter(|text| !text.trim().is_empty()),
        at: asked.at.map(|at| at.back(now, &zone)).transpose()?,
        outcome: asked.outcome,
        reply: asked.reply,
        stop: asked.stop,
        follow_up_at: asked.follow_up.map(|at| at.ahead(now, &zone)).transpose()?,
        campaign: asked.campaign,
    };
    told(global, &touches::log(pool, &log, None, now).await?)
}

pub(super) async fn interest(
    global: &Global,
    database: &Database,
    lead: &str,
    interest: Interest,
    campaign: Option<&str>,
    note: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let logged =
        touches::interest(database.pool(), lead, interest, campaign, note, None, Timestamp::now()).await?;
    told(global, &logged)
}

fn told(global: &Global, logged: &Logged) -> anyhow::Result<ExitCode> {
    if global.json {
        output::json(logged)?;
        return Ok(ExitCode::SUCCESS);
    }
    let what = match logged.event_type.as_str() {
        "call_completed" | "call_voicemail" | "call_no_answer" | "call_failed" => "a call",
        "note_added" => "a note",
        "email_sent" => "an e-mail to them",
        "email_replied" | "email_unsubscribed" => "an e-mail from them",
        "message_sent" => "a LinkedIn message to them",
        "message_replied" => "a LinkedIn message from them",
        "interest_changed" => "how they stand",
        other => other,
    };
    let outcome = logged
        .call_outcome
        .as_deref()
        .map(|word| format!(", {}", word.replace('_', " ")))
        .unwrap_or_default();
    let campaign = logged
        .campaign_name
        .as_deref()
        .map(|name| format!(", in {}", output::plain(name)))
        .unwrap_or_default();
    let mut lines =
        vec![format!("Logged {what} with {}{outcome}{campaign}.", output::plain(&logged.lead.who()))];
    if let Some(at) = logged.follow_up_at {
        lines.push(format!("Due again {}.", output::instant(at)));
    }
    lines.extend(super::followed(&logged.followed));
    output::print(&lines.join("\n"));
    output::note(global, &format!("take it back: touchline undo {}", logged.event_id));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn undo(
    global: &Global,
    database: &Database,
    touch: Option<Uuid>,
) -> anyhow::Result<ExitCode> {
    let undone = touches::undo(database.pool(), touch, None, Timestamp::now()).await?;
    if global.json {
        output::json(&undone)?;
        return Ok(ExitCode::SUCCESS);
    }
    let who =
        undone.lead.as_ref().map_or_else(|| "somebody unknown".to_owned(), |lead| output::plain(&lead.who()));
    let what = format!(
        "{} with {who} of {}",
        undone.event_type.replace('_', " "),
        output::instant(undone.event_timestamp)
    );
    if undone.was_undone {
        output::print(&format!("{what} had been taken back before; nothing changed."));
        return Ok(ExitCode::SUCCESS);
    }
    let mut lines = vec![format!("Taken back: {what}.")];
    for one in &undone.enrollments {
        let campaign = output::plain(&one.campaign_name);
        lines.push(match &one.stop_reason {
            None => format!("{campaign} goes on ({}).", one.overall_status),
            Some(reason) => format!("{campaign} stays stopped: {}.", reason.replace('_', " ")),
        });
    }
    for one in &undone.lifted {
        lines.push(format!(
            "May be contacted on {} again: {}.",
            super::channel(&one.channel),
            output::plain(&one.who())
        ));
    }
    output::print(&lines.join("\n"));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn resume(
    global: &Global,
    database: &Database,
    lead: &str,
    campaign: Option<&str>,
    note: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let resumed = touches::resume(database.pool(), lead, campaign, note, None, Timestamp::now()).await?;
    if global.json {
        output::json(&resumed)?;
        return Ok(ExitCode::SUCCESS);
    }
    let who = output::plain(&resumed.lead.who());
    if resumed.enrollments.is_empty() {
        output::print(&format!("Nothing is stopped for {who}; nothing changed."));
        return Ok(ExitCode::SUCCESS);
    }
    let goes_on = resumed.enrollments.iter().map(|one| output::plain(&one.campaign_name)).collect::<Vec<_>>();
    output::print(&format!("{who} goes on in {}.", goes_on.join(", ")));
    output::note(global, "suppressions hold as before: touchline suppressions list --who LEAD");
    Ok(ExitCode::SUCCESS)
}
