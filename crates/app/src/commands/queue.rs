//! `touchline queue`: what is due and why, and what people decide about it.

use std::process::ExitCode;

use engine::db::Database;
use engine::funnel;
use engine::queue::{self, Decided, Decision, Item, Words};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config::{Global, Queue, QueueCommand, Said};
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, asked: Queue) -> anyhow::Result<ExitCode> {
    let (pool, now) = (database.pool(), Timestamp::now());
    match asked.command {
        QueueCommand::Done { item, said } => decide(global, database, item, Decision::Done, said).await?,
        QueueCommand::Skip { item, said } => decide(global, database, item, Decision::Skip, said).await?,
        QueueCommand::Snooze { item, until, said } => {
            let zone = TimeZone::get(&funnel::time_zone(pool).await?).unwrap_or(TimeZone::UTC);
            let until = Decision::Snooze(until.ahead(now, &zone)?);
            decide(global, database, item, until, said).await?;
        }
        QueueCommand::Undo { decision } => told(global, &queue::undo(pool, decision, None, now).await?)?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn decide(
    global: &Global,
    database: &Database,
    item: Item,
    decision: Decision,
    said: Said,
) -> anyhow::Result<()> {
    let words = Words { note: said.note, outcome: said.outcome.map(|outcome| outcome.replace('-', "_")) };
    let decided = queue::decide(database.pool(), item, decision, &words, None, Timestamp::now()).await?;
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
    if decided.taken_back_at.is_none() {
        output::note(global, &format!("take it back: touchline queue undo {}", decided.id));
    }
    Ok(())
}
