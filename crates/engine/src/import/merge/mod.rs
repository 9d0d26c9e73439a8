//! One part into the database, in the transaction it is given: companies, leads, identities, verdicts, sums.
//! Set-based: the rows come by COPY or as arrays, the steps are SQL statements.
//! Leaves the rows as they were to [`raw`], what is known to [`ask`], whose rows they are to [`resolve`] and [`draft`],
//! the rows of the steps to [`stage`].

mod ask;
mod draft;
mod filled;
mod raw;
mod references;
mod resolve;
mod stage;
mod verdict;

use jiff_sqlx::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use super::copy::Copy;
use super::part::Part;
use crate::import::HashSet;
use crate::{Error, Result};
use ask::ask;
use draft::{Draft, companies, sort_out};
pub(super) use filled::Filled;
pub(super) use raw::{Ahead, Owner, keep as keep_raw};
pub(super) use references::{leave_out_for_long, may_leave_out};
pub(super) use resolve::Names;
use resolve::{Known, Lent};
use verdict::{Outcome, Sums, Verdict};

/// The note on rows of people who must not be contacted.
pub(super) const MUST_NOT_BE_CONTACTED: &str = "must_not_be_contacted";

/// What one part of an import hands to the next.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) import_id: Uuid,
    pub(super) overwrite: Vec<String>,
    /// The company's own columns, as [`super::part::company_keys`] gives them.
    pub(super) company_keys: Vec<(usize, Vec<u8>)>,
    pub(super) companies_only: bool,
    /// The session may leave out what foreign keys ask, as long as it asks itself.
    pub(super) may_leave_out: bool,
}

/// A part under way: whose its rows are, and what is on its way into the database.
pub(super) struct Sorted {
    known: Known,
    drafts: Vec<Draft>,
    further: Vec<(Uuid, u32)>,
    verdicts: Vec<Verdict>,
    companies: stage::Companies,
    names: Names,
    lent: Lent,
}

impl Sorted {
    /// Who and what the part stands for, for the part after it.
    pub(super) fn names(&mut self) -> Names {
        std::mem::take(&mut self.names)
    }
}

/// Stores a part whose raw rows are kept. `number` counts from 1.
pub(super) async fn part(
    tx: &mut PgConnection,
    task: &Task,
    filled: &mut Filled,
    part: &Part,
    number: i32,
    now: Timestamp,
) -> Result<()> {
    // One merge at a time, and none beside a normalisation: both make leads.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('touchline normalise', 0))")
        .execute(&mut *tx)
        .await?;
    let mut sorted = sort(tx, task, filled, part, &Names::default(), now).await?;
    add(tx, part, &mut sorted, now).await?;
    finish(tx, task, part, number, sorted, now).await
}

/// Says whose the rows of a part are. The caller holds the lock that [`part`] takes; `names`: of a part before it whose
/// transaction has not ended.
pub(super) async fn sort(
    tx: &mut PgConnection,
    task: &Task,
    filled: &mut Filled,
    part: &Part,
    names: &Names,
    now: Timestamp,
) -> Result<Sorted> {
    sqlx::query(include_str!("lock.sql")).execute(&mut *tx).await?;
    if task.may_leave_out {
        references::leave_out(tx).await?;
    }
    if let Some(raw_id) = part.raw_id {
        raw::settle(tx, raw_id, now.to_jiff()).await?;
    }
    let mut known = loop {
        let known = ask(tx, task, part).await?;
        let companies = known.companies.values().copied().collect();
        if references::hold(tx, companies, known.leads.values().copied().collect()).await? {
            break known;
        }
    };
    let lent = known.join(part, names);
    let companies = companies(part, &mut known);
    let (drafts, further, verdicts) = sort_out(task, part, &mut known, &companies);
    let staged = stage::companies(task, filled, part, &companies, now);
    let names = Names {
        leads: std::mem::take(&mut known.leads),
        companies: companies.into_iter().map(|(key, placed)| (key, placed.id)).collect(),
        lines: std::mem::take(&mut known.lines),
    };
    Ok(Sorted { known, drafts, further, verdicts, companies: staged, names, lent })
}

/// Stores what nobody had before. Needs nothing of the part before it.
pub(super) async fn add(
    tx: &mut PgConnection,
    part: &Part,
    sorted: &mut Sorted,
    now: Timestamp,
) -> Result<()> {
    sorted.companies.send(tx).await?;
    stage::new_people(tx, part, &sorted.drafts, now).await?;
    stage::identities(tx, &sorted.known, now).await
}

/// Fills what was there, and writes the verdicts and the report. The part before is in the database by now.
pub(super) async fn finish(
    tx: &mut PgConnection,
    task: &Task,
    part: &Part,
    number: i32,
    sorted: Sorted,
    now: Timestamp,
) -> Result<()> {
    let Sorted { known, drafts, further, mut verdicts, companies, lent, .. } = sorted;
    if !references::hold(tx, lent.companies, lent.leads).await? {
        return Err(Error::conflict("a lead went while it was imported", "run the same command again"));
    }
    let companies_filled = stage::fill_companies(tx, task, &companies, now).await?;
    let leads_filled = stage::fill_people(tx, task, part, &drafts, &further, now).await?;
    let filled = companies_filled.len();
    settle(&mut verdicts, &leads_filled, companies_filled);
    log_identities(tx, task, &known, &drafts).await?;
    sqlx::query(include_str!("late.sql")).bind(task.import_id).execute(&mut *tx).await?;
    note_barred(tx, &mut verdicts).await?;
    write_verdicts(tx, task, number, &verdicts).await?;
    let mut sums = Sums::default();
    verdicts.iter().for_each(|verdict| sums.add(verdict));
    advance(tx, task, part, number, &sums, (companies.made, filled), now).await
}

/// Known people and companies that something was filled for make the row that did it `updated`.
fn settle(verdicts: &mut [Verdict], leads: &HashSet<Uuid>, mut companies: HashSet<Uuid>) {
    for verdict in verdicts {
        let company_filled = verdict.company_id.is_some_and(|id| companies.remove(&id));
        let lead_filled = verdict.lead_id.is_some_and(|id| leads.contains(&id));
        if verdict.outcome == Outcome::Unchanged && (lead_filled || company_filled) {
            verdict.outcome = Outcome::Updated;
        }
    }
}

/// For undo: what was learned of people who were here before.
async fn log_identities(tx: &mut PgConnection, task: &Task, known: &Known, drafts: &[Draft]) -> Result<()> {
    let made: HashSet<Uuid> = drafts.iter().filter(|draft| draft.is_new).map(|draft| draft.lead_id).collect();
    let (mut kinds, mut values, mut leads) = (Vec::new(), Vec::new(), Vec::new());
    for ((kind, value), lead_id) in known.added.iter().filter(|(_, lead_id)| !made.contains(lead_id)) {
        kinds.push(*kind);
        values.push(&**value);
        leads.push(*lead_id);
    }
    if kinds.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("identities.sql"))
        .bind(kinds)
        .bind(values)
        .bind(leads)
        .bind(task.import_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// People who said no are imported like others and named: nothing an import does lifts a suppression.
async fn note_barred(tx: &mut PgConnection, verdicts: &mut [Verdict]) -> Result<()> {
    let is_any: bool = sqlx::query_scalar("select exists (select from suppressions where lifted_at is null)")
        .fetch_one(&mut *tx)
        .await?;
    if !is_any {
        return Ok(());
    }
    let leads: Vec<Uuid> = verdicts.iter().filter_map(|verdict| verdict.lead_id).collect();
    let barred: Vec<Uuid> = sqlx::query_scalar(include_str!("barred.sql")).bind(leads).fetch_all(tx).await?;
    let barred: HashSet<Uuid> = barred.into_iter().collect();
    for verdict in verdicts {
        if verdict.lead_id.is_some_and(|id| barred.contains(&id)) {
            verdict.notes.push(MUST_NOT_BE_CONTACTED);
        }
    }
    Ok(())
}

async fn write_verdicts(tx: &mut PgConnection, task: &Task, number: i32, verdicts: &[Verdict]) -> Result<()> {
    let mut copy = Copy::new("copy touchline.import_rows from stdin (format binary)");
    for (index, verdict) in verdicts.iter().enumerate() {
        copy.row(12)
            .uuid(Some(task.import_id))
            .bigint(Some(verdict.line))
            .int(number.unsigned_abs())
            .int(u32::try_from(index + 1).unwrap_or(u32::MAX))
            .text(Some(verdict.outcome.code()))
            .text(verdict.reason)
            .bigint(verdict.joins_line)
            .texts(verdict.notes.iter().copied())
            .uuid(verdict.lead_id)
            .uuid(verdict.company_id)
            .bytea(verdict.lead_written.as_ref().map(<[u8; 8]>::as_slice))
            .bytea(verdict.company_written.as_ref().map(<[u8; 8]>::as_slice));
    }
    copy.send(tx).await?;
    Ok(())
}

/// The report grows, and the place to go on moves, with the part.
async fn advance(
    tx: &mut PgConnection,
    task: &Task,
    part: &Part,
    number: i32,
    sums: &Sums,
    (companies_new, companies_filled): (u64, usize),
    now: Timestamp,
) -> Result<()> {
    let [new, updated, unchanged, duplicate, rejected] = sums.by_outcome;
    sqlx::query(include_str!("advance.sql"))
        .bind(task.import_id)
        .bind(i64::try_from(part.next.0).unwrap_or(i64::MAX))
        .bind(i64::try_from(part.next.1).unwrap_or(i64::MAX))
        .bind(number)
        .bind(sums.rows)
        .bind(new)
        .bind(updated)
        .bind(unchanged)
        .bind(duplicate)
        .bind(rejected)
        .bind(sums.repaired)
        .bind(i64::try_from(part.blank_rows).unwrap_or(i64::MAX))
        .bind(i64::try_from(companies_new).unwrap_or(i64::MAX))
        .bind(i64::try_from(companies_filled).unwrap_or(i64::MAX))
        .bind(serde_json::json!(sums.notes))
        .bind(serde_json::json!(sums.reasons))
        .bind(part.last)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
