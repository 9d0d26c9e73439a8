//! `touchline bulk`: the same done to many leads, with what became of each, and the way back.

use std::process::ExitCode;

use engine::PgPool;
use engine::bulk::{self, Action, Done, Verdict};
use engine::db::Database;
use engine::keyset::After;
use engine::leads::Filter;
use engine::{Error, campaigns, touches};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::campaign::lines;
use super::lead::filter;
use crate::config::{Bulk, Global, Whom};
use crate::output::{self, count};

pub(super) async fn run(global: &Global, database: &Database, command: Bulk) -> anyhow::Result<ExitCode> {
    let pool = database.pool();
    let (action, whom) = match command {
        Bulk::List { limit, after } => return list(global, pool, limit, after).await,
        Bulk::Show { id, limit, after } => return show(global, pool, id, limit, after).await,
        Bulk::Undo { id } => {
            let done = bulk::undo(pool, id, None, Timestamp::now()).await?;
            return told(global, &done);
        }
        Bulk::Add { to, whom } => (Action::AddToCampaign(campaigns::named(pool, &to).await?), whom),
        Bulk::Remove { from, whom } => {
            (Action::RemoveFromCampaign(campaigns::named(pool, &from).await?), whom)
        }
        Bulk::SetStatus { to, whom } => (Action::SetStatus(to), whom),
        Bulk::Suppress { channel, reason, note, whom } => (Action::Suppress { channel, reason, note }, whom),
    };
    let whom = meant(database, *whom).await?;
    let done = bulk::act(pool, &whom, &action, None, Timestamp::now()).await?;
    output::note(global, &format!("take it back: touchline bulk undo {}", done.id));
    told(global, &done)
}

/// Who is meant. Nobody is, unless it is said: no slip of a key may reach everybody.
async fn meant(database: &Database, whom: Whom) -> anyhow::Result<bulk::Whom> {
    let Whom { who, everybody, matching } = whom;
    let filter = filter(database, matching).await?;
    let refused = |what: &str, hint: &str| Err(Error::invalid(what, hint).into());
    match (who.is_empty(), filter != Filter::default(), everybody) {
        (false, true, _) => {
            refused("--who and a filter", "give one of them: either people, or what they have in common")
        }
        (true, true, true) => {
            refused("--everybody and a filter", "leave --everybody out: the filter says whom")
        }
        (true, false, false) => {
            refused("it is not said whom", "give --who, a filter such as --status contacted, or --everybody")
        }
        (false, false, _) => {
            let mut connection = database.pool().acquire().await?;
            let mut leads = Vec::new();
            for one in lines(who)? {
                leads.push(touches::find(&mut connection, &one).await?.lead_id);
            }
            Ok(bulk::Whom::Leads(leads))
        }
        (true, ..) => Ok(bulk::Whom::Filter(filter)),
    }
}

fn told(global: &Global, done: &Done) -> anyhow::Result<ExitCode> {
    if global.json {
        output::json(done)?;
    } else {
        output::print(&words(done));
    }
    Ok(ExitCode::SUCCESS)
}

/// What was done and what came of it, in a line.
fn words(done: &Done) -> String {
    let campaign = output::excerpt(done.campaign_name.as_deref().unwrap_or("a campaign"), 40);
    let what = match done.action.as_str() {
        "add_to_campaign" => format!("Added to {campaign}"),
        "remove_from_campaign" => format!("Taken out of {campaign}"),
        "set_status" => format!("Set to {}", done.lead_status.as_deref().unwrap_or_default()),
        _ => format!("Never to be contacted ({})", output::plain(done.reason.as_deref().unwrap_or("manual"))),
    };
    let verdicts: Vec<String> = done
        .verdicts
        .iter()
        .map(|(word, number)| format!("{} {}", count(number.unsigned_abs()), word.replace('_', " ")))
        .collect();
    let back = done.undone_at.map(|at| format!(" Taken back {}.", output::instant(at))).unwrap_or_default();
    format!("{what}: {}.{back}", verdicts.join(", "))
}

async fn list(global: &Global, pool: &PgPool, limit: i64, after: Option<After>) -> anyhow::Result<ExitCode> {
    let mut actions = bulk::list(pool, after, limit + 1).await?;
    let next =
        cut(&mut actions, limit).map(|one| After { rank: 0, at: one.performed_at, id: one.id }.to_string());
    if global.json {
        output::json(&json!({ "actions": actions, "next": next }))?;
    } else if actions.is_empty() {
        output::print("Nothing was done to many yet.");
    } else {
        let rows: Vec<Vec<String>> = actions
            .iter()
            .map(|one| vec![output::instant(one.performed_at), words(one), one.id.to_string()])
            .collect();
        output::print(&format!("{}{}", output::table(&rows), output::more(next)));
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(
    global: &Global,
    pool: &PgPool,
    id: Uuid,
    limit: i64,
    after: Option<Uuid>,
) -> anyhow::Result<ExitCode> {
    let done = bulk::show(pool, id).await?;
    let mut people = bulk::leads(pool, id, after, limit + 1).await?;
    let next = cut(&mut people, limit).map(|one| one.lead_id.to_string());
    if global.json {
        let mut document = serde_json::to_value(&done)?;
        document["people"] = serde_json::to_value(&people)?;
        document["next"] = json!(next);
        output::json(&document)?;
    } else {
        let rows: Vec<Vec<String>> = people.iter().map(person).collect();
        output::print(&format!("{}\n\n{}{}", words(&done), output::table(&rows), output::more(next)));
    }
    Ok(ExitCode::SUCCESS)
}

fn person(one: &Verdict) -> Vec<String> {
    vec![
        one.verdict.as_deref().unwrap_or_default().replace('_', " "),
        one.who.as_deref().map_or_else(|| one.lead_id.to_string(), |who| output::excerpt(who, 44)),
        one.why.as_deref().map(output::plain).unwrap_or_default(),
    ]
}

/// Leaves a page of a list that was read one row further; its last row, if more follow.
fn cut<T>(rows: &mut Vec<T>, limit: i64) -> Option<&T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    rows.last().filter(|_| more)
}
