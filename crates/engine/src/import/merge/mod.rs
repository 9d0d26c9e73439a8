//! One part into the database, in the transaction it is given: raw rows, companies, leads, identities, verdicts, sums.
//! Set-based: the rows come by COPY, the steps are SQL statements.
//! Leaves what is known to [`ask`], whose rows they are to [`resolve`] and [`draft`], the rows of the steps to [`stage`].

mod ask;
mod draft;
mod resolve;
mod stage;
mod verdict;

use std::collections::{HashMap, HashSet};

use jiff_sqlx::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use super::copy::Copy;
use super::part::Part;
use crate::Result;
use ask::ask;
use draft::{companies, sort_out};
use resolve::Known;
use stage::{stage_companies, stage_people};
use verdict::{Outcome, Sums, Verdict};

/// What stays the same over the parts of an import.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) import_id: Uuid,
    pub(super) file_name: String,
    pub(super) overwrite: Vec<String>,
    /// The company's own columns, as [`super::part::Builder::keys`] gives them.
    pub(super) company_keys: Vec<(usize, Vec<u8>)>,
    /// The same keys as text, by column.
    pub(super) company_names: HashMap<usize, String>,
    pub(super) companies_only: bool,
}

/// Stores a part. `number` counts from 1.
pub(super) async fn part(
    tx: &mut PgConnection,
    task: &Task,
    part: &Part,
    number: i32,
    now: Timestamp,
) -> Result<()> {
    let raw_id = Uuid::now_v7();
    if !part.rows.is_empty() {
        keep_raw(tx, task, part, raw_id, now).await?;
    }
    // One merge at a time, and none beside a normalisation: both make leads.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('touchline normalise', 0))")
        .execute(&mut *tx)
        .await?;
    sqlx::raw_sql(include_str!("temporary.sql")).execute(&mut *tx).await?;
    let mut known = ask(tx, task, part).await?;
    let companies = companies(part, &mut known);
    let (drafts, further, mut verdicts) = sort_out(task, part, &mut known, &companies);

    stage_companies(tx, task, part, &companies).await?;
    let mut companies_filled: HashSet<Uuid> = HashSet::new();
    let companies_new = sqlx::query(include_str!("new_companies.sql"))
        .bind(raw_id)
        .bind(now)
        .execute(&mut *tx)
        .await?
        .rows_affected();
    if companies.values().any(|company| !company.is_new) {
        let filled: Vec<Uuid> = sqlx::query_scalar(include_str!("known_companies.sql"))
            .bind(task.import_id)
            .bind(now)
            .bind(&task.overwrite)
            .fetch_all(&mut *tx)
            .await?;
        companies_filled.extend(filled);
    }
    stage_people(tx, &drafts, &further).await?;
    sqlx::query(include_str!("new_leads.sql")).bind(raw_id).bind(now).execute(&mut *tx).await?;
    let mut leads_filled: HashSet<Uuid> = HashSet::new();
    if !further.is_empty() {
        let filled: Vec<Uuid> = sqlx::query_scalar(include_str!("known_leads.sql"))
            .bind(raw_id)
            .bind(now)
            .bind(task.import_id)
            .bind(&task.overwrite)
            .fetch_all(&mut *tx)
            .await?;
        leads_filled.extend(filled);
    }
    let filled = companies_filled.len();
    settle(&mut verdicts, &leads_filled, companies_filled);
    add_identities(tx, task, &known, now).await?;
    write_verdicts(tx, task, number, &verdicts).await?;
    if !part.rows.is_empty() {
        sqlx::query(
            "insert into touchline.import_parts (import_id, part, csv_import_id) values ($1, $2, $3)",
        )
        .bind(task.import_id)
        .bind(number)
        .bind(raw_id)
        .execute(&mut *tx)
        .await?;
    }
    let mut sums = Sums::default();
    verdicts.iter().for_each(|verdict| sums.add(verdict));
    advance(tx, task, part, number, &sums, (companies_new, filled), now).await
}

async fn keep_raw(tx: &mut PgConnection, task: &Task, part: &Part, id: Uuid, now: Timestamp) -> Result<()> {
    const COLUMNS: &str = "copy csv_imports_raw (id, file_name, total_rows, import_status, created_at, updated_at, raw_data) from stdin (format binary)";
    let mut copy = Copy::new(COLUMNS);
    let rows = u32::try_from(part.rows.len()).unwrap_or(u32::MAX);
    copy.row(7)
        .uuid(Some(id))
        .text(Some(&task.file_name))
        .int(rows)
        .text(Some("completed"))
        .instant(now.to_jiff())
        .instant(now.to_jiff());
    copy.send_with_json(&part.json, tx).await
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

async fn add_identities(tx: &mut PgConnection, task: &Task, known: &Known, now: Timestamp) -> Result<()> {
    let (mut kinds, mut values, mut leads) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, value, lead_id) in &known.added {
        kinds.push(*kind);
        values.push(value.as_str());
        leads.push(*lead_id);
    }
    if kinds.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("identities.sql"))
        .bind(kinds)
        .bind(values)
        .bind(leads)
        .bind(now)
        .bind(task.import_id)
        .execute(tx)
        .await?;
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
            .bytea(verdict.lead_written.as_deref())
            .bytea(verdict.company_written.as_deref());
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
