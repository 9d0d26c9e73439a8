//! Verdicts with the words of their rows, for people who look row by row. Leaves sums to `report`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{PgExecutor, Row};
use uuid::Uuid;

use super::merge::MUST_NOT_BE_CONTACTED;
use super::report::{Report, RowVerdict};
use super::{Column, Field};
use crate::Result;

/// A verdict, and who the row is about as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    #[serde(flatten)]
    pub verdict: RowVerdict,
    pub person: Option<String>,
    pub company: Option<String>,
    pub email: Option<String>,
}

/// Verdicts in the order of the file, after a line; of one outcome, or all.
pub async fn seen(
    executor: impl PgExecutor<'_>,
    report: &Report,
    outcome: Option<&str>,
    after_line: i64,
    limit: i64,
) -> Result<Vec<Seen>> {
    read(executor, report, (outcome, None), after_line, limit).await
}

/// The first rows of people who must not be contacted.
pub async fn barred(executor: impl PgExecutor<'_>, report: &Report, limit: i64) -> Result<Vec<Seen>> {
    if report.must_not_be_contacted() == 0 {
        return Ok(Vec::new());
    }
    read(executor, report, (None, Some(MUST_NOT_BE_CONTACTED)), 0, limit).await
}

async fn read(
    executor: impl PgExecutor<'_>,
    report: &Report,
    (outcome, note): (Option<&str>, Option<&str>),
    after_line: i64,
    limit: i64,
) -> Result<Vec<Seen>> {
    let rows = sqlx::query(include_str!("verdicts.sql"))
        .bind(report.id)
        .bind(outcome)
        .bind(after_line)
        .bind(limit)
        .bind(note)
        .fetch_all(executor)
        .await?;
    rows.iter()
        .map(|row| {
            let item: Option<Value> = row.try_get("item")?;
            let cell = |field| item.as_ref().and_then(|item| cell(item, &report.columns, field));
            let parts: Vec<String> =
                [cell(Field::FirstName), cell(Field::LastName)].into_iter().flatten().collect();
            let person = if parts.is_empty() { cell(Field::FullName) } else { Some(parts.join(" ")) };
            Ok(Seen {
                verdict: RowVerdict {
                    line: row.try_get("line")?,
                    outcome: row.try_get("outcome")?,
                    reason: row.try_get("reason")?,
                    joins_line: row.try_get("joins_line")?,
                    notes: row.try_get("notes")?,
                    lead_id: row.try_get::<Option<Uuid>, _>("lead_id")?,
                    company_id: row.try_get::<Option<Uuid>, _>("company_id")?,
                },
                person,
                company: cell(Field::CompanyName).or_else(|| cell(Field::Website)),
                email: cell(Field::Email),
            })
        })
        .collect()
}

/// The first filled cell among the columns of a field.
fn cell(item: &Value, columns: &[Column], field: Field) -> Option<String> {
    let mut of_field: Vec<&Column> = columns.iter().filter(|column| column.field == Some(field)).collect();
    of_field.sort_by_key(|column| column.rank);
    of_field
        .into_iter()
        .filter_map(|column| item.get(&column.key).and_then(Value::as_str).map(str::trim))
        .find(|text| !text.is_empty())
        .map(|text| text.chars().take(200).collect())
}
