//! The report of an import: sums that add up, and the verdict of every row. Leaves how it looks to the callers.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::{PgExecutor, Row};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::{Column, Kind, Mapping};
use crate::keyset::After;
use crate::{Error, Result};

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ImportState)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Refused,
    /// Under way, or stopped: the same command goes on.
    Reading,
    Completed,
    Undone,
}

/// An import's report. `rows = new_rows + updated + unchanged + duplicate + rejected`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Import)]
pub struct Report {
    pub id: Uuid,
    pub file_name: String,
    pub file_bytes: i64,
    pub state: State,
    pub refusal: Option<String>,
    pub encoding: Option<String>,
    pub delimiter: Option<String>,
    pub header_line: Option<i64>,
    pub companies_only: bool,
    pub columns: Vec<Column>,
    pub mapping_name: Option<String>,
    pub rows: i64,
    pub new_rows: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub duplicate: i64,
    pub rejected: i64,
    /// Among the new, updated and unchanged.
    pub repaired: i64,
    pub blank_rows: i64,
    pub companies_new: i64,
    pub companies_filled: i64,
    pub file_notes: Vec<String>,
    pub notes: BTreeMap<String, i64>,
    pub reasons: BTreeMap<String, i64>,
    pub parts: i32,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub undone_at: Option<Timestamp>,
}

/// What can become of a row.
pub const OUTCOMES: [&str; 5] = ["new", "updated", "unchanged", "duplicate", "rejected"];

impl Report {
    /// Rows of people who must not be contacted. They are stored, and stay as they were.
    pub fn must_not_be_contacted(&self) -> i64 {
        self.notes.get(super::merge::MUST_NOT_BE_CONTACTED).copied().unwrap_or(0)
    }

    /// Whether the sums add up; they always do.
    pub fn adds_up(&self) -> bool {
        self.rows == self.new_rows + self.updated + self.unchanged + self.duplicate + self.rejected
    }
}

const COLUMNS: &str = "select id, file_name, file_bytes, state, refusal, encoding, delimiter, header_line, mapping, mapping_name, rows, new_rows, updated, unchanged, duplicate, rejected, repaired, blank_rows, companies_new, companies_filled, file_notes, notes, reasons, parts, started_at, ended_at, undone_at from touchline.imports";

/// One import.
pub async fn show(executor: impl PgExecutor<'_>, id: Uuid) -> Result<Report> {
    let found = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} where id = $1")))
        .bind(id)
        .fetch_optional(executor)
        .await?;
    found.map(|row| report(&row)).transpose()?.ok_or_else(|| {
        Error::not_found(format!("there is no import `{id}`"), "`touchline imports list` shows them")
    })
}

/// Imports, newest first; with `after` those that follow it.
pub async fn list(executor: impl PgExecutor<'_>, after: Option<After>, limit: i64) -> Result<Vec<Report>> {
    let page = "where $2::timestamptz is null or (started_at, id) < ($2, $3::uuid) order by started_at desc, id desc limit $1";
    let found = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} {page}")))
        .bind(limit)
        .bind(after.map(|after| after.at.to_sqlx()))
        .bind(after.map(|after| after.id))
        .fetch_all(executor)
        .await?;
    found.iter().map(report).collect()
}

/// The import of these bytes that stands, where there is one.
pub(super) async fn standing(executor: impl PgExecutor<'_>, sha256: &[u8]) -> Result<Option<Uuid>> {
    let sql = "select id from touchline.imports where file_sha256 = $1 and state = 'completed' order by started_at desc limit 1";
    Ok(sqlx::query_scalar(sql).bind(sha256).fetch_optional(executor).await?)
}

fn report(row: &PgRow) -> Result<Report> {
    let instant = |name: &str| -> sqlx::Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|at| at.to_jiff()))
    };
    let counts = |name: &str| -> sqlx::Result<BTreeMap<String, i64>> {
        Ok(row.try_get::<sqlx::types::Json<BTreeMap<String, i64>>, _>(name)?.0)
    };
    let state: String = row.try_get("state")?;
    let mapping: Option<serde_json::Value> = row.try_get("mapping")?;
    let mapping: Option<Mapping> = mapping.and_then(|value| serde_json::from_value(value).ok());
    Ok(Report {
        id: row.try_get("id")?,
        file_name: row.try_get("file_name")?,
        file_bytes: row.try_get("file_bytes")?,
        state: match state.as_str() {
            "refused" => State::Refused,
            "completed" => State::Completed,
            "undone" => State::Undone,
            _ => State::Reading,
        },
        refusal: row.try_get("refusal")?,
        encoding: row.try_get("encoding")?,
        delimiter: row.try_get("delimiter")?,
        header_line: row.try_get("header_line")?,
        companies_only: mapping.as_ref().is_some_and(|mapping| mapping.kind == Kind::CompaniesOnly),
        columns: mapping.map(|mapping| mapping.columns).unwrap_or_default(),
        mapping_name: row.try_get("mapping_name")?,
        rows: row.try_get("rows")?,
        new_rows: row.try_get("new_rows")?,
        updated: row.try_get("updated")?,
        unchanged: row.try_get("unchanged")?,
        duplicate: row.try_get("duplicate")?,
        rejected: row.try_get("rejected")?,
        repaired: row.try_get("repaired")?,
        blank_rows: row.try_get("blank_rows")?,
        companies_new: row.try_get("companies_new")?,
        companies_filled: row.try_get("companies_filled")?,
        file_notes: row.try_get("file_notes")?,
        notes: counts("notes")?,
        reasons: counts("reasons")?,
        parts: row.try_get("parts")?,
        started_at: instant("started_at")?.unwrap_or_default(),
        ended_at: instant("ended_at")?,
        undone_at: instant("undone_at")?,
    })
}

/// The verdict on one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RowVerdict {
    pub line: i64,
    pub outcome: String,
    pub reason: Option<String>,
    pub joins_line: Option<i64>,
    pub notes: Option<Vec<String>>,
    pub lead_id: Option<Uuid>,
    pub company_id: Option<Uuid>,
}

/// Verdicts in the order of the file, after a line; of one outcome, or all.
pub async fn rows(
    executor: impl PgExecutor<'_>,
    id: Uuid,
    outcome: Option<&str>,
    after_line: i64,
    limit: i64,
) -> Result<Vec<RowVerdict>> {
    type Found = (i64, String, Option<String>, Option<i64>, Option<Vec<String>>, Option<Uuid>, Option<Uuid>);
    let found: Vec<Found> = sqlx::query_as(
        "select line, outcome, reason, joins_line, notes, lead_id, company_id
           from touchline.import_rows
          where import_id = $1
            and ($2::text is null or outcome = $2)
            and line > $3
          order by line
          limit $4",
    )
    .bind(id)
    .bind(outcome)
    .bind(after_line)
    .bind(limit)
    .fetch_all(executor)
    .await?;
    let verdict = |(line, outcome, reason, joins_line, notes, lead_id, company_id): Found| RowVerdict {
        line,
        outcome,
        reason,
        joins_line,
        notes,
        lead_id,
        company_id,
    };
    Ok(found.into_iter().map(verdict).collect())
}

/// What a new import starts with.
pub(super) struct Head<'a> {
    pub(super) id: Uuid,
    pub(super) file_name: &'a str,
    pub(super) file: Option<(&'a [u8], u64)>,
    pub(super) refusal: Option<&'static str>,
    pub(super) encoding: Option<&'a str>,
    pub(super) delimiter: Option<u8>,
    pub(super) quote: u8,
    pub(super) header_line: Option<u64>,
    pub(super) mapping: Option<serde_json::Value>,
    pub(super) mapping_name: Option<&'a str>,
    pub(super) overwrite: &'a [String],
    pub(super) file_notes: &'a [&'static str],
    pub(super) now: Timestamp,
}

/// Writes the head of a report: what was decided before the first row.
pub(super) async fn begin(executor: impl PgExecutor<'_>, head: Head<'_>) -> Result<()> {
    let text = |byte: u8| char::from(byte).to_string();
    sqlx::query(
        "insert into touchline.imports (
           id, file_name, file_sha256, file_bytes, state, refusal, encoding, delimiter, quote, header_line, mapping,
           mapping_name, overwrite, file_notes, started_at, ended_at
         ) values ($1, $2, $3, $4, case when $5::text is null then 'reading' else 'refused' end, $5, $6, $7, $8, $9, $10,
           $11, $12, $13, $14, case when $5::text is null then null else $14 end)",
    )
    .bind(head.id)
    .bind(head.file_name)
    .bind(head.file.map(|(sha256, _)| sha256))
    .bind(head.file.map_or(0, |(_, size)| i64::try_from(size).unwrap_or(i64::MAX)))
    .bind(head.refusal)
    .bind(head.encoding)
    .bind(head.delimiter.map(text))
    .bind(text(head.quote))
    .bind(head.header_line.and_then(|line| i64::try_from(line).ok()))
    .bind(head.mapping)
    .bind(head.mapping_name)
    .bind(head.overwrite)
    .bind(head.file_notes)
    .bind(head.now.to_sqlx())
    .execute(executor)
    .await?;
    Ok(())
}
