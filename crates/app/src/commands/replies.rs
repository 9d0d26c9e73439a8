//! `touchline replies`: who answered, newest first.

use std::process::ExitCode;

use engine::overview::{self, Reply};

use crate::config::Global;
use crate::output;
use engine::db::Database;

pub(super) async fn run(
    global: &Global,
    database: &Database,
    unmatched: bool,
    limit: i64,
) -> anyhow::Result<ExitCode> {
    let replies = overview::replies(database.pool(), unmatched, limit.max(1)).await?;
    if global.json {
        output::json(&replies)?;
    } else if replies.is_empty() {
        output::print(if unmatched { "Every reply has its person." } else { "No reply yet." });
    } else {
        output::print(&replies.iter().map(told).collect::<Vec<_>>().join("\n"));
    }
    Ok(ExitCode::SUCCESS)
}

/// A reply in three lines: who, subject, words.
pub(super) fn told(reply: &Reply) -> String {
    let names: Vec<&str> =
        [&reply.first_name, &reply.last_name].into_iter().flatten().map(String::as_str).collect();
    let address =
        reply.lead_email.as_ref().or(reply.contact_address.as_ref()).map_or("(no address)", String::as_str);
    let mut who = if names.is_empty() { String::new() } else { format!("{} ", names.join(" ")) };
    who.push_str(&format!("<{address}>"));
    if let Some(company) = &reply.company_name {
        who.push_str(&format!(" · {company}"));
    }
    if reply.lead_email.is_none() && names.is_empty() {
        who.push_str("  — nobody is known by this address");
    }
    format!(
        "{}  {}\n    {}\n    {}",
        output::instant(reply.event_timestamp),
        output::plain(&who),
        output::excerpt(reply.email_subject.as_deref().unwrap_or(""), 90),
        output::excerpt(reply.email_body.as_deref().unwrap_or(""), 160)
    )
}
