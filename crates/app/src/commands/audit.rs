//! `touchline audit`: who did what; and the entry that every command leaves that writes.

use std::process::ExitCode;

use engine::actor::Actor;
use engine::audit::{self, Begun, Entry, Filter, Outcome, Write};
use engine::db::Database;
use engine::{api_keys, users};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::config::{self, Global};
use crate::output;

pub(super) async fn run(
    global: &Global,
    database: &Database,
    asked: config::Audit,
) -> anyhow::Result<ExitCode> {
    let pool = database.pool();
    let user_id = match &asked.user {
        Some(named) => Some(users::find(pool, named).await?.id),
        None => None,
    };
    let key_id = match &asked.key {
        Some(named) => Some(api_keys::find(pool, named).await?.id),
        None => None,
    };
    let filter = Filter {
        user_id,
        key_id,
        subject: asked.subject.as_deref(),
        since: asked.since,
        before: asked.before,
    };
    let entries = audit::list(pool, &filter, asked.limit).await?;
    if global.json {
        output::json(&entries)?;
    } else if entries.is_empty() {
        output::print("nobody has written anything yet");
    } else {
        output::print(&output::table(&entries.iter().map(line).collect::<Vec<_>>()));
    }
    Ok(ExitCode::SUCCESS)
}

fn line(entry: &Entry) -> Vec<String> {
    let outcome = entry.outcome.as_deref().unwrap_or("no outcome");
    vec![
        entry.id.to_string(),
        output::instant(entry.at),
        output::plain(&format!("{} {}", entry.actor, entry.actor_label)),
        outcome.into(),
        output::plain(&entry.action),
        output::plain(entry.subject.as_deref().unwrap_or_default()),
    ]
}

/// Notes a command that writes, before it begins.
pub(super) async fn begin(database: &Database, invocation: &config::Invocation) -> engine::Result<Begun> {
    let write = Write {
        action: &invocation.action,
        subject: invocation.subject.as_deref(),
        details: json!({}),
        request_id: Uuid::now_v7(),
    };
    audit::begin(database.pool(), &Actor::command(&invocation.user), &write, Timestamp::now()).await
}

/// Adds what came of it. Where the database has gone by then, the entry stays without an outcome, and says so.
pub(super) async fn settle(database: &Database, begun: Begun, ran: &anyhow::Result<ExitCode>) {
    let (outcome, status) = match ran {
        Ok(code) if *code == ExitCode::SUCCESS => (Outcome::Done, "0"),
        Ok(_) => (Outcome::Failed, "1"),
        Err(error) => match error.downcast_ref::<engine::Error>() {
            Some(engine::Error::Database(_) | engine::Error::Vendor(_)) | None => (Outcome::Failed, "1"),
            Some(_) => (Outcome::Refused, "1"),
        },
    };
    if let Err(error) = audit::settle(database.pool(), begun, outcome, status, Timestamp::now()).await {
        tracing::debug!(%error, "the outcome could not be added to the audit log");
    }
}
