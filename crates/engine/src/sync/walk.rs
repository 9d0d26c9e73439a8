//! Walks one stream: from its cursor, page after page, to the end.
//! Leaves the transaction of a batch to `batch`, closing the walk to `ending`, what an answer means to the source.

use std::time::{Duration, Instant};

use futures::StreamExt;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use sqlx::Row;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::batch::{self, Batch};
use super::{GO_ON, Receipt, Run, State, at, ending, outage};
use crate::source::{Page, Shape, Stream, Subject, VendorError, Walk};
use crate::usage::Usage;
use crate::{Error, Result};

/// Pages that may share a transaction.
const PAGES_A_BATCH: usize = 8;
/// Pages fetched ahead of the batch being stored: the next whole batch. Bounds memory.
const PAGES_AHEAD: usize = PAGES_A_BATCH;
/// While a long walk goes on, what it brought is worked out this often, so that something useful shows.
const NORMALISE_EVERY: Duration = Duration::from_secs(15);

/// Where a walk stands when it begins or goes on.
pub(super) struct Position {
    pub(super) walk_id: Uuid,
    pub(super) walk_started_at: Timestamp,
    cursor: Option<Value>,
    watermark: Option<Timestamp>,
    /// An earlier run has begun this walk.
    pub(super) resumed: bool,
    /// No walk has ever reached the end.
    pub(super) first: bool,
}

/// Walks a stream and says how it went, and whether the key is dead.
pub(super) async fn walk(run: &Run<'_>, stream: &'static Stream) -> (Receipt, bool) {
    let started_at = run.clock.now();
    let mut receipt = Receipt::new(stream.name, started_at);
    let usage = std::sync::Arc::new(Usage::default());
    let outcome = through(run, stream, &usage, &mut receipt).await;
    receipt.cost(&usage);
    receipt.ended_at = Some(run.clock.now());
    let mut key_is_dead = false;
    match outcome {
        Ok(state) => receipt.state = state,
        Err(error) => {
            key_is_dead = matches!(error, Error::Vendor(VendorError::Unauthorised { .. }));
            receipt.state = State::Failed;
            receipt.reason = Some(error.to_string());
            receipt.hint = match &error {
                Error::Vendor(error) => Some(error.hint(run.source.vendor())),
                error => error.hint(),
            };
            if let Error::Vendor(VendorError::MissingScope { required, .. }) = &error {
                receipt.missing_scope = Some(required.clone());
                let costs = format!("without it Touchline cannot see {}; ", stream.without);
                receipt.hint = receipt.hint.map(|hint| costs + &hint);
            }
        }
    }
    run.write(&receipt).await;
    (receipt, key_is_dead)
}

/// From where the stream stands to its end. A walk that an earlier run began shows the pages read then as they were
/// then, so one from the beginning follows it; a feed reads what is new by itself.
async fn through(
    run: &Run<'_>,
    stream: &'static Stream,
    usage: &std::sync::Arc<Usage>,
    receipt: &mut Receipt,
) -> Result<State> {
    loop {
        let position = outage::ride_out(run.database, async || position(run, stream).await).await?;
        let again = position.resumed && stream.shape != Shape::Feed && stream.complete_over.is_some();
        let state = to_the_end(run, stream, position, usage, receipt).await?;
        if state != State::Finished || !again {
            return Ok(state);
        }
    }
}

/// Takes the stream over for this run, and says where its walk goes on.
async fn position(run: &Run<'_>, stream: &Stream) -> Result<Position> {
    let fresh_cursor = run.options.full.then(|| run.source.fresh_cursor(stream)).flatten();
    let new_walk_id = Uuid::now_v7();
    let mut tx = run.database.pool().begin().await?;
    let row = sqlx::query(include_str!("position.sql"))
        .bind(run.source.name())
        .bind(stream.name)
        .bind(stream.table.name)
        .bind(run.id)
        .bind(new_walk_id)
        .bind(at(run.clock.now()))
        .bind(run.options.full)
        .bind(fresh_cursor)
        .fetch_one(&mut *tx)
        .await?;
    if run.options.full {
        sqlx::query("delete from touchline.subjects where source = $1 and stream = $2")
            .bind(run.source.name())
            .bind(stream.name)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    let instant = |name: &str| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|t| t.to_jiff()))
    };
    let walk_id: Uuid = row.try_get("walk_id")?;
    Ok(Position {
        walk_id,
        resumed: walk_id != new_walk_id,
        first: instant("walked_to_end_at")?.is_none(),
        walk_started_at: row.try_get::<jiff_sqlx::Timestamp, _>("walk_started_at")?.to_jiff(),
        cursor: row.try_get("cursor")?,
        watermark: instant("watermark")?,
    })
}

/// Who is due, for streams asked once per subject.
async fn subjects(run: &Run<'_>, stream: &Stream, walk_started_at: Timestamp) -> Result<Vec<Subject>> {
    let Shape::PerSubject(sql) = stream.shape else { return Ok(Vec::new()) };
    let today = run.clock.now().to_zoned(TimeZone::UTC).date();
    let rows = sqlx::query(sql)
        .bind(at(walk_started_at))
        .bind(jiff_sqlx::Date::from(today))
        .fetch_all(run.database.pool())
        .await?;
    rows.into_iter()
        .map(|row| {
            let day = |name: &str| -> Result<Option<jiff::civil::Date>> {
                Ok(row.try_get::<Option<jiff_sqlx::Date>, _>(name)?.map(|d| d.to_jiff()))
            };
            Ok(Subject { id: row.try_get("subject")?, days: day("first_day")?.zip(day("last_day")?) })
        })
        .collect()
}

async fn to_the_end(
    run: &Run<'_>,
    stream: &'static Stream,
    position: Position,
    usage: &std::sync::Arc<Usage>,
    receipt: &mut Receipt,
) -> Result<State> {
    let subjects =
        outage::ride_out(run.database, async || subjects(run, stream, position.walk_started_at).await)
            .await?;
    let mut pages = run.source.pages(Walk {
        stream,
        cursor: position.cursor.clone(),
        watermark: position.watermark,
        subjects,
        usage: usage.clone(),
    });

    // Fetching runs ahead of storing by a few pages.
    let (sender, receiver) = mpsc::channel::<Page>(PAGES_AHEAD);
    let mut stop = run.stop.clone();
    let fetch = async move {
        loop {
            let next = tokio::select! {
                next = pages.next() => next,
                () = stop.asked() => return Ok(State::Stopped),
            };
            match next {
                None => return Ok(State::Finished),
                Some(Err(error)) => return Err(error),
                Some(Ok(page)) => {
                    if sender.send(page).await.is_err() {
                        return Ok(State::Stopped);
                    }
                }
            }
        }
    };
    let store = async {
        // Dropped when storing fails, so that fetching ends as well.
        let mut receiver = receiver;
        let mut pages = Vec::with_capacity(PAGES_A_BATCH);
        let mut normalised = Instant::now();
        while receiver.recv_many(&mut pages, PAGES_A_BATCH).await > 0 {
            store_batch(run, stream, &position, std::mem::take(&mut pages), usage, receipt).await?;
            run.watch.receipt(receipt);
            if !run.options.raw_only && normalised.elapsed() > NORMALISE_EVERY {
                // Mirroring goes on whatever comes of it; the end of the run tries again and tells.
                if let Err(error) = run.normalise().await {
                    tracing::warn!(%error, stream = stream.name, "normalising during the walk failed");
                }
                normalised = Instant::now();
            }
        }
        Ok::<(), Error>(())
    };
    let (fetched, stored) = tokio::join!(fetch, store);
    stored?;
    let state = match fetched {
        Ok(state) => state,
        Err(error) => {
            if matches!(error, VendorError::Endless { .. }) {
                ending::forget(run, stream, &position).await?;
            }
            return Err(error.into());
        }
    };
    if state == State::Stopped {
        receipt.reason = Some("stopped by a person".into());
        receipt.hint = Some(GO_ON.into());
        return Ok(state);
    }
    outage::ride_out(run.database, async || ending::finish(run, stream, &position, receipt.clone()).await)
        .await
        .map(|finished| {
            *receipt = finished;
            receipt.state
        })
}

/// Stores a batch through outages, and record by record where PostgreSQL refuses one of them.
async fn store_batch(
    run: &Run<'_>,
    stream: &Stream,
    position: &Position,
    pages: Vec<Page>,
    usage: &Usage,
    receipt: &mut Receipt,
) -> Result<()> {
    let mut batch = Batch::new(pages);
    receipt.cost(usage);
    let commit = async |batch: &Batch, receipt: &Receipt| {
        outage::ride_out(run.database, async || batch.commit(run, stream, position.walk_id, receipt).await)
            .await
    };
    *receipt = match commit(&batch, receipt).await {
        Err(Error::Database(sqlx::Error::Database(error))) if batch::is_about_data(&*error) => {
            tracing::warn!(stream = stream.name, code = ?error.code(), "a batch was refused; storing one by one");
            batch = batch::one_by_one(run, stream, batch).await?;
            commit(&batch, receipt).await?
        }
        outcome => outcome?,
    };
    Ok(())
}
