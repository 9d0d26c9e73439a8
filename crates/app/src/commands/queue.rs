//! `touchline queue`: what is due and why, and what people decide about it.

use std::process::ExitCode;

use engine::campaigns;
use engine::db::Database;
use engine::funnel;
use engine::queue::{self, Asked, Decided, Decision, Item, ItemKind, Line, Page, Words};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config::{Global, Queue, QueueCommand, Said};
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, asked: Queue) -> anyhow::Result<ExitCode> {
    let (pool, now) = (database.pool(), Timestamp::now());
    match asked.command {
        None => list(global, database, &asked, now).await?,
        Some(QueueCommand::Done { item, said }) => {
            decide(global, database, item, Decision::Done, said).await?
        }
        Some(QueueCommand::Skip { item, said }) => {
            decide(global, database, item, Decision::Skip, said).await?
        }
        Some(QueueCommand::Snooze { item, until, said }) => {
            let zone = TimeZone::get(&funnel::time_zone(pool).await?).unwrap_or(TimeZone::UTC);
            let until = Decision::Snooze(until.ahead(now, &zone)?);
            decide(global, database, item, until, said).await?;
        }
        Some(QueueCommand::Undo { decision }) => {
            told(global, &queue::undo(pool, decision, None, now).await?)?
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(global: &Global, database: &Database, asked: &Queue, now: Timestamp) -> anyhow::Result<()> {
    let pool = database.pool();
    let zone = TimeZone::get(&funnel::time_zone(pool).await?).unwrap_or(TimeZone::UTC);
    let campaign_id = match &asked.campaign {
        Some(campaign) => Some(campaigns::named(pool, campaign).await?),
        None => None,
    };
    let selection = Asked {
        until: asked.due.end(now, &zone)?,
        channel: asked.channel,
        campaign_id,
        waiting: asked.waiting,
    };
    let page = queue::list(pool, selection, asked.after, asked.limit, now).await?;
    if global.json {
        return output::json(&page);
    }
    if page.items.is_empty() {
        output::print(if asked.waiting {
            "Nobody waits."
        } else {
            "Nothing is due. `--waiting` says what the others wait for, `--due week` looks further ahead."
        });
        return Ok(());
    }
    output::print(&text(&page, now));
    Ok(())
}

/// The lines, by what has to be done first.
fn text(page: &Page, now: Timestamp) -> String {
    let mut lines = Vec::new();
    let mut group = "";
    for line in &page.items {
        let heading = match line.kind {
            ItemKind::Answer => "Answer first",
            ItemKind::FollowUp => "Promised",
            ItemKind::Call => "Calls",
            ItemKind::Connect | ItemKind::Message => "LinkedIn",
        };
        if heading != group {
            let gap = if lines.is_empty() { "" } else { "\n" };
            lines.push(format!("{gap}{heading}\n"));
            group = heading;
        }
        lines.push(told_line(line, now));
    }
    if let Some(next) = &page.next {
        lines.push(format!("\nmore: --after {next}"));
    }
    lines.join("\n")
}

fn told_line(line: &Line, now: Timestamp) -> String {
    let mut who = line.who();
    if let Some(company) = &line.company_name {
        who.push_str(&format!(" · {company}"));
    }
    let reach = match line.channel.as_str() {
        "call" => line.phone.as_deref(),
        "linkedin" => line.linkedin_url.as_deref(),
        _ => line.email.as_deref(),
    };
    if let Some(reach) = reach.filter(|reach| **reach != who) {
        who.push_str(&format!(" · {reach}"));
    }
    let opens = line.opens_at.filter(|opens| *opens > now && line.waits_for.is_none());
    let opens = opens.map(|opens| format!("; from {} here", output::instant(opens))).unwrap_or_default();
    format!(
        "{:<16} {}\n    {}{opens}\n    {}",
        line.action,
        output::plain(&who),
        output::plain(&line.why),
        line.item
    )
}

async fn decide(
    global: &Global,
    database: &Database,
    item: Item,
    decision: Decision,
    said: Said,
) -> anyhow::Result<()> {
    let (pool, now) = (database.pool(), Timestamp::now());
    let follow_up_at = match said.follow_up {
        Some(follow_up) => {
            let zone = TimeZone::get(&funnel::time_zone(pool).await?).unwrap_or(TimeZone::UTC);
            Some(follow_up.ahead(now, &zone)?)
        }
        None => None,
    };
    let words = Words { note: said.note, outcome: said.outcome, follow_up_at };
    let decided = queue::decide(pool, item, decision, &words, None, now).await?;
    told(global, &decided)
}

/// What became of a decision.
pub(super) fn told(global: &Global, decided: &Decided) -> anyhow::Result<()> {
    if global.json {
        return output::json(decided);
    }
    let who = decided.who.as_deref().map(|who| format!(": {}", output::plain(who))).unwrap_or_default();
    let again = if decided.is_new { "" } else { " (it was before; nothing changed)" };
    let what = match (decided.taken_back_at, decided.decision.as_str(), decided.until) {
        (Some(_), ..) => "Taken back; it is due again".to_owned(),
        (None, "skip", _) => "Skipped".into(),
        (None, "snooze", Some(until)) => format!("Snoozed until {}", output::instant(until)),
        _ => "Done".into(),
    };
    output::print(&format!("{what}{who}.{again}"));
    for stopped in decided.logged.iter().flat_map(|logged| &logged.followed.stopped) {
        output::print(&format!("  stopped in {}", output::plain(&stopped.campaign_name)));
    }
    if decided.taken_back_at.is_none() {
        output::note(global, &format!("take it back: touchline queue undo {}", decided.id));
    }
    Ok(())
}
