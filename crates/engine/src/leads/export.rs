//! A whole list as CSV: every lead that matches, as one moment had them, however many they are. Safe to open in a spreadsheet.

use std::time::Duration;

use futures::TryStreamExt as _;
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, PgPool};
use tokio::sync::mpsc::Sender;
use tokio::time::timeout;

use super::filter::{Filter, Sort};
use super::list::{Listed, bind, listed, parts, statement};
use crate::{Error, Result, spreadsheet};

/// The columns, in order.
pub const COLUMNS: [&str; 15] = [
    "id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "linkedin_url",
    "job_title",
    "company_name",
    "company_domain",
    "lead_status",
    "last_touch_at",
    "last_answer_at",
    "next_followup_at",
    "suppressed_because",
    "created_at",
];

/// Size of a piece; memory holds a few of them.
const PIECE: usize = 64 * 1024;
/// A reader that takes nothing for so long has gone: what it reads holds old rows in the database.
const PATIENCE: Duration = Duration::from_secs(60);

/// Writes a list into `pieces`; how many leads there were. Ends quietly where the reader has gone.
pub async fn export(
    pool: &PgPool,
    filter: &Filter,
    sort: Sort,
    now: Timestamp,
    pieces: &Sender<String>,
) -> Result<u64> {
    let mut tx = pool.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *tx).await?;
    let (mut text, mut count) = (spreadsheet::line(COLUMNS), 0);
    for part in parts(filter, sort) {
        let (sql, conditions) = statement(filter, part, None, now);
        let query = bind(sqlx::query(AssertSqlSafe(sql)).bind(None::<i64>), conditions).persistent(false);
        let mut rows = query.fetch(&mut *tx);
        while let Some(row) = rows.try_next().await? {
            text.push_str(&line(&listed(&row)?));
            count += 1;
            if text.len() >= PIECE && !sent(pieces, &mut text).await? {
                return Ok(count);
            }
        }
    }
    sent(pieces, &mut text).await?;
    tx.commit().await?;
    Ok(count)
}

/// Hands a piece on; false: nobody reads any more.
async fn sent(pieces: &Sender<String>, text: &mut String) -> Result<bool> {
    match timeout(PATIENCE, pieces.send(std::mem::take(text))).await {
        Ok(sent) => Ok(sent.is_ok()),
        Err(_) => Err(Error::conflict("the reader took nothing for a minute", "ask for the list again")),
    }
}

fn line(lead: &Listed) -> String {
    let at = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = [
        lead.id.to_string(),
        text(&lead.first_name),
        text(&lead.last_name),
        text(&lead.email),
        text(&lead.phone),
        text(&lead.linkedin_url),
        text(&lead.job_title),
        text(&lead.company_name),
        text(&lead.company_domain),
        lead.lead_status.clone(),
        at(lead.last_touch_at),
        at(lead.last_answer_at),
        at(lead.next_followup_at),
        text(&lead.suppressed_because),
        lead.created_at.to_string(),
    ];
    spreadsheet::line(cells.iter().map(String::as_str))
}
