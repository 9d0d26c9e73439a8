//! A list of LinkedIn touches from a file: the same records as by webhook, and from there the same road, so that a touch
//! that both tell is one row. The same file again changes nothing. Leaves reading to `import`, what a touch is to
//! `sources/linkedin`.

mod columns;
mod dates;

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use serde::Serialize;
use sqlx::PgPool;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::clock::Clock;
use crate::import::{Input, Refusal, Rows, unreadable};
use crate::raw::{self, Payload, Record};
use crate::sources::linkedin::{EVENTS, record};
use crate::sync::Stop;
use crate::{Error, Result, normalise};
use columns::Columns;

/// Rows stored in one transaction.
const ROWS_A_BATCH: usize = 500;
/// Refused rows that are named one by one.
const MOST_NAMED: usize = 1000;

/// How to read a list.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What each row is, where no column says so: `connection_sent`, `message_sent`, …
    pub event: Option<String>,
    /// Say what would happen, and change nothing.
    pub dry_run: bool,
}

/// What became of a list: rows = stored + repeated + rejected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub file_name: String,
    /// Why it is no list of touches, as a code of [`Refusal`]; none: it was read.
    pub refusal: Option<&'static str>,
    pub encoding: Option<&'static str>,
    /// Columns that mean something: header, and what it means.
    pub columns: Vec<(String, String)>,
    pub rows: u64,
    /// Rows that told of a touch nobody had told of.
    pub stored: u64,
    /// Rows that told what was known.
    pub repeated: u64,
    pub rejected: u64,
    /// Refused rows by reason.
    pub reasons: BTreeMap<&'static str, u64>,
    /// The first thousand of them.
    pub rejects: Vec<Reject>,
    /// A person ended it; the same file again goes on.
    pub stopped: bool,
    pub dry_run: bool,
}

/// A row that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// Physical line, from 1.
    pub line: u64,
    pub reason: &'static str,
}

impl Reject {
    /// What a reason means, and what to do.
    pub fn words(reason: &str) -> &'static str {
        match reason {
            "nobody" => "it names nobody: give a LinkedIn profile or an e-mail address",
            "no_event" => "it does not say what happened: give `--event connection_sent` or a column `event`",
            "date_unclear" => "its date may be two days (05/01 or 01/05): write it as 2026-01-05",
            "date_unreadable" => "its date cannot be read: write it as 2026-01-05 or 2026-01-05 09:30",
            "broken_row" => "it cannot be read as its header promises, or is too large",
            _ => "it could not be stored",
        }
    }
}

/// Reads a list of touches and stores what it tells.
pub async fn import(
    pool: &PgPool,
    input: Input,
    options: &Options,
    clock: &Clock,
    stop: &Stop,
) -> Result<Report> {
    let rows = match Rows::open(input).await? {
        Ok(rows) => rows,
        Err(refusal) => return Ok(refused(refusal)),
    };
    let columns = Columns::of(&rows.header, &rows.sample, &rows.file_name, options.event.as_deref());
    if !columns.name_people() {
        return Err(Error::invalid(
            "no column holds a LinkedIn profile or an e-mail address, so its rows are about nobody",
            "name one of the columns `linkedin_url` or `email`; a list of people goes in without `--touches`",
        ));
    }
    if !columns.name_touches() {
        return Err(Error::invalid(
            "no column says what happened",
            "add `--event connection_sent` (or connection_accepted, message_sent, message_replied, …), or a column `event`",
        ));
    }
    let mut report = Report {
        file_name: rows.file_name.clone(),
        encoding: Some(rows.encoding),
        columns: columns.told(),
        dry_run: options.dry_run,
        ..Report::default()
    };
    let (sender, mut receiver) = mpsc::channel::<std::io::Result<Vec<Verdict>>>(2);
    let reading = tokio::task::spawn_blocking(move || read(rows, &columns, &sender));
    let mut seen = HashSet::new();
    while let Some(batch) = receiver.recv().await {
        let batch = batch.map_err(|error| unreadable(&error))?;
        take_in(pool, batch, options.dry_run, clock.now(), &mut seen, &mut report).await?;
        if stop.is_asked() {
            report.stopped = true;
            break;
        }
    }
    drop(receiver);
    reading
        .await
        .map_err(|error| Error::conflict(format!("reading the file failed: {error}"), "run it again"))?;
    if !options.dry_run && report.stored > 0 {
        normalise::normalise(pool, clock.now()).await?;
    }
    Ok(report)
}

fn refused(refusal: Refusal) -> Report {
    Report { refusal: Some(refusal.code()), ..Report::default() }
}

/// A row, understood or refused.
enum Verdict {
    /// What it tells: one touch, or several.
    Told(Vec<Record>),
    Refused(Reject),
}

/// From bytes to batches. Blocks.
fn read(rows: Rows, columns: &Columns, sender: &mpsc::Sender<std::io::Result<Vec<Verdict>>>) {
    let mut batch = Vec::with_capacity(ROWS_A_BATCH);
    let outcome = rows.each(|row| {
        batch.push(match columns.touches(&row) {
            Ok(touches) => {
                let json = columns.payload(&row);
                let records = touches.into_iter().map(|touch| record(touch, Payload::new(&json))).collect();
                Verdict::Told(records)
            }
            Err(reason) => Verdict::Refused(Reject { line: row.line, reason }),
        });
        batch.len() < ROWS_A_BATCH || sender.blocking_send(Ok(std::mem::take(&mut batch))).is_ok()
    });
    let last = match outcome {
        Ok(()) => Ok(batch),
        Err(error) => Err(error),
    };
    let _ = sender.blocking_send(last);
}

/// Stores a batch in one transaction, and counts it.
async fn take_in(
    pool: &PgPool,
    batch: Vec<Verdict>,
    dry_run: bool,
    now: Timestamp,
    seen: &mut HashSet<String>,
    report: &mut Report,
) -> Result<()> {
    let mut told = Vec::with_capacity(batch.len());
    for verdict in batch {
        report.rows += 1;
        match verdict {
            Verdict::Told(row) => told.push(row),
            Verdict::Refused(reject) => {
                report.rejected += 1;
                *report.reasons.entry(reject.reason).or_default() += 1;
                if report.rejects.len() < MOST_NAMED {
                    report.rejects.push(reject);
                }
            }
        }
    }
    let keys: Vec<&str> = told.iter().flatten().map(|record| record.key.as_str()).collect();
    let mut tx = pool.begin().await?;
    let known: Vec<String> =
        sqlx::query_scalar(include_str!("known.sql")).bind(&keys).fetch_all(&mut *tx).await?;
    let mut known: HashSet<String> = known.into_iter().collect();
    let mut records = Vec::with_capacity(keys.len());
    for row in told {
        let mut is_new = false;
        for record in row {
            let first = !seen.contains(&record.key) && known.insert(record.key.clone());
            is_new |= first;
            if first {
                records.push((now, record));
            }
        }
        match is_new {
            true => report.stored += 1,
            false => report.repeated += 1,
        }
    }
    if dry_run {
        seen.extend(records.into_iter().map(|(_, record)| record.key));
        return Ok(());
    }
    let stored = raw::store(&mut tx, &EVENTS, &records).await?;
    if !stored.changed_keys.is_empty() {
        sqlx::query("insert into touchline.changes (raw_table, record_keys, run_id) values ($1, $2, $3)")
            .bind(EVENTS.name)
            .bind(&stored.changed_keys)
            .bind(Uuid::now_v7())
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}
