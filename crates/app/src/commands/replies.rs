//! `touchline replies`: who answered, on every channel; what needs a person first.

use std::process::ExitCode;

use engine::db::Database;
use engine::funnel;
use engine::queue::{self, Decision, Item, ItemKind};
use engine::replies::{self, Asked, Page, Reply, State};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config::{Global, Replies, ReplyCommand};
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, asked: Replies) -> anyhow::Result<ExitCode> {
    match asked.command {
        Some(ReplyCommand::Handled { event, note }) => handled(global, database, event, note).await,
        None => list(global, database, &asked).await,
    }
}

async fn list(global: &Global, database: &Database, asked: &Replies) -> anyhow::Result<ExitCode> {
    let (pool, now) = (database.pool(), Timestamp::now());
    let zone = TimeZone::get(&funnel::time_zone(pool).await?).unwrap_or(TimeZone::UTC);
    let selection = Asked {
        since: asked.since.map(|since| since.back(now, &zone)).transpose()?,
        unmatched: asked.unmatched,
        channel: asked.channel,
        automatic: asked.all,
        state: asked.waiting.then_some(State::NeedsAnswer),
        longest_waiting_first: asked.longest_first,
    };
    let page = replies::list(pool, selection, asked.after, asked.limit, now).await?;
    if global.json {
        output::json(&page)?;
    } else if page.replies.is_empty() {
        output::print(match (asked.unmatched, asked.waiting, asked.since.is_some()) {
            (true, ..) => "Every reply has its person.",
            (_, true, _) => "Nobody waits for an answer.",
            (.., true) => "Nobody answered in this time.",
            _ => "No reply in the last 30 days; `--since 2020-01-01` looks further back.",
        });
    } else {
        output::print(&text(&page, now));
    }
    Ok(ExitCode::SUCCESS)
}

async fn handled(
    global: &Global,
    database: &Database,
    event: uuid::Uuid,
    note: Option<String>,
) -> anyhow::Result<ExitCode> {
    let (pool, now) = (database.pool(), Timestamp::now());
    // Says so where it is no reply at all.
    replies::one(pool, event, now).await?;
    let item = Item { kind: ItemKind::Answer, subject: event, number: None };
    let words = queue::Words { note, ..queue::Words::default() };
    let decided = queue::decide(pool, item, Decision::Done, &words, None, now).await?;
    super::queue::told(global, &decided)?;
    Ok(ExitCode::SUCCESS)
}

/// A sentence for each group, then its replies.
fn text(page: &Page, now: Timestamp) -> String {
    let mut lines = Vec::new();
    let mut group = "";
    for reply in &page.replies {
        let heading = match (reply.state, reply.lead_id) {
            (State::NeedsAnswer, None) => "Nobody is known by these addresses",
            (State::NeedsAnswer, Some(_)) => "Waiting for an answer",
            (State::Automatic, _) => "Automatic, not counted",
            _ => "Done with",
        };
        if heading != group {
            let gap = if lines.is_empty() { "" } else { "\n" };
            lines.push(format!("{gap}{heading}\n"));
            group = heading;
        }
        lines.push(told(reply, now));
    }
    if let Some(next) = &page.next {
        lines.push(format!("\nmore: --after {next}"));
    }
    lines.join("\n")
}

/// A reply in a few lines: when, who, where it stands, words.
pub(super) fn told(reply: &Reply, now: Timestamp) -> String {
    let mut who = reply.who();
    if let Some(address) = reply.lead_email.as_ref().or(reply.contact_address.as_ref()).filter(|a| **a != who)
    {
        who.push_str(&format!(" <{address}>"));
    }
    if let Some(company) = &reply.company_name {
        who.push_str(&format!(" · {company}"));
    }
    let mut about = vec![match reply.channel.as_str() {
        "call" => "on the phone".to_owned(),
        "linkedin" => "on LinkedIn".to_owned(),
        _ => "by e-mail".to_owned(),
    }];
    match reply.waiting_since {
        Some(since) => about.push(format!("waiting {}", output::long(now.duration_since(since)))),
        None => about.push(reply.state.words().into()),
    }
    about.extend(reply.interest_status.and_then(super::lead::interest));
    if let Some(campaign) = &reply.campaign_name {
        let step = reply.sequence_step.map(|step| format!(", step {step}")).unwrap_or_default();
        about.push(format!("{}{step}", output::excerpt(campaign, 40)));
    }
    let mut lines = vec![
        format!("{}  {}", output::instant(reply.event_timestamp), output::plain(&who)),
        format!("    {}  ({})", about.join(" · "), reply.event_id),
    ];
    for text in [reply.email_subject.as_deref().unwrap_or(""), reply.snippet.as_str()] {
        if !text.trim().is_empty() {
            lines.push(format!("    {}", output::excerpt(text, 160)));
        }
    }
    for person in &reply.might_be {
        let name = person.full_name.as_deref().or(person.email.as_deref()).unwrap_or("(no name)");
        lines.push(format!("    perhaps {} ({})", output::plain(name), person.why));
    }
    lines.join("\n")
}
