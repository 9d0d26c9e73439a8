//! Stores a batch of pages and everything that goes with it in one transaction: records, history, cursor, seen keys,
//! changes to normalise, problems, receipt. Leaves fetching to the source and the order of pages to `walk`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::problem::{self, Found};
use super::{Receipt, Run, at};
use crate::raw::{self, Record, Stored};
use crate::source::{Page, Stream};
use crate::{Error, Result};

/// Pages fetched while the previous batch was being stored, on their way into one transaction.
pub(super) struct Batch {
    id: Uuid,
    pages: Vec<PageHead>,
    records: Vec<(Timestamp, Record)>,
    /// Records set aside because PostgreSQL refused them; the vendor still has them.
    refused: Vec<String>,
}

/// A page without its records.
struct PageHead {
    items: u64,
    page: Page,
}

impl Batch {
    pub(super) fn new(pages: Vec<Page>) -> Self {
        let mut records = Vec::with_capacity(pages.iter().map(|page| page.records.len()).sum());
        let heads = pages.into_iter().map(|mut page| {
            let items = (page.records.len() + page.set_aside.len()) as u64;
            records.extend(
                std::mem::take(&mut page.records).into_iter().map(|record| (page.requested_at, record)),
            );
            PageHead { items, page }
        });
        let pages = heads.collect();
        Self { id: Uuid::now_v7(), pages, records, refused: Vec::new() }
    }

    /// Stores the batch; `receipt` takes up what it did. May be repeated after an error: a batch whose commit had
    /// happened although its answer was lost is recognised and not counted twice.
    pub(super) async fn commit(
        &self,
        run: &Run<'_>,
        stream: &Stream,
        walk_id: Uuid,
        receipt: &Receipt,
    ) -> Result<Receipt> {
        let mut tx = run.database.pool().begin().await?;
        let owner = self.advance(&mut tx, run, stream).await?;
        if owner == Some(self.id) {
            return Ok(self.counted(receipt, &self.already_stored()));
        }
        let stored = raw::store(&mut tx, stream.table, &self.records).await?;
        let receipt = self.counted(receipt, &stored);
        if !stored.changed_keys.is_empty() {
            sqlx::query("insert into touchline.changes (raw_table, record_keys, run_id) values ($1, $2, $3)")
                .bind(stream.table.name)
                .bind(&stored.changed_keys)
                .bind(run.id)
                .execute(&mut *tx)
                .await?;
        }
        if stream.complete_over.is_some() && self.pages.iter().any(|head| head.page.part_of_whole) {
            let kept = self.records.iter().map(|(_, record)| &record.key);
            let seen: Vec<&str> = kept.chain(&self.refused).map(String::as_str).collect();
            sqlx::query("insert into touchline.walk_pages (walk_id, seen_keys) values ($1, $2)")
                .bind(walk_id)
                .bind(seen)
                .execute(&mut *tx)
                .await?;
        }
        self.subjects(&mut tx, run, stream).await?;
        self.problems(&mut tx, run, stream).await?;
        receipt.write(&mut tx, run.id).await?;
        tx.commit().await?;
        Ok(receipt)
    }

    /// Moves the stream's row to where the last page leads. Returns the batch that had been committed before; an
    /// error where another run owns the stream by now.
    async fn advance(&self, tx: &mut PgConnection, run: &Run<'_>, stream: &Stream) -> Result<Option<Uuid>> {
        let cursor = self.pages.last().and_then(|head| head.page.cursor.clone());
        let watermark = self.pages.iter().filter_map(|head| head.page.watermark).max();
        let row: Option<(Option<Uuid>,)> = sqlx::query_as(include_str!("advance.sql"))
            .bind(run.source.name())
            .bind(stream.name)
            .bind(run.id)
            .bind(self.id)
            .bind(cursor)
            .bind(watermark.map(at))
            .bind(at(run.clock.now()))
            .fetch_optional(tx)
            .await?;
        let Some((last_batch,)) = row else {
            return Err(Error::conflict(
                format!("another sync has taken over the stream {}", stream.name),
                "nothing is lost: the other run goes on from the same place",
            ));
        };
        Ok(last_batch)
    }

    fn counted(&self, receipt: &Receipt, stored: &Stored) -> Receipt {
        let mut receipt = receipt.clone();
        receipt.pages += self.pages.len() as u64;
        receipt.items += self.pages.iter().map(|head| head.items).sum::<u64>();
        receipt.bytes += self.pages.iter().map(|head| head.page.bytes).sum::<u64>();
        receipt.set_aside += self.pages.iter().map(|head| head.page.set_aside.len() as u64).sum::<u64>();
        receipt.add(stored);
        receipt
    }

    /// What to count for a batch whose commit had happened unseen: its verdicts are lost with the answer.
    fn already_stored(&self) -> Stored {
        Stored { unchanged: self.records.len() as u64, ..Stored::default() }
    }

    async fn subjects(&self, tx: &mut PgConnection, run: &Run<'_>, stream: &Stream) -> Result<()> {
        let answered: Vec<_> = self
            .pages
            .iter()
            .filter_map(|head| Some((head.page.subject.as_ref()?, head.page.requested_at)))
            .collect();
        if answered.is_empty() {
            return Ok(());
        }
        let first_days: Vec<Option<String>> =
            answered.iter().map(|(subject, _)| subject.days.map(|(first, _)| first.to_string())).collect();
        sqlx::query(include_str!("subjects.sql"))
            .bind(run.source.name())
            .bind(stream.name)
            .bind(answered.iter().map(|(subject, _)| subject.id.as_str()).collect::<Vec<_>>())
            .bind(answered.iter().map(|(_, when)| at(*when)).collect::<Vec<_>>())
            .bind(first_days)
            .execute(tx)
            .await?;
        Ok(())
    }

    async fn problems(&self, tx: &mut PgConnection, run: &Run<'_>, stream: &Stream) -> Result<()> {
        fn of<'a>(stream: &'a Stream, run: &Run<'a>, kind: &'a str, detail: &'a str) -> Found<'a> {
            let source = run.source.name();
            Found { source, stream: stream.name, kind, detail, payload: None, occurrences: 1 }
        }
        let mut codes: BTreeMap<&str, i64> = BTreeMap::new();
        for code in self.pages.iter().flat_map(|head| &head.page.unknown_codes) {
            *codes.entry(code).or_default() += 1;
        }
        for (code, occurrences) in codes {
            let found = of(stream, run, "unknown_code", code);
            problem::note(tx, Found { occurrences, ..found }, run.clock.now()).await?;
        }
        for payload in self.pages.iter().flat_map(|head| &head.page.set_aside) {
            let detail = format!("no usable key; SHA-256 {}", hex(&raw::Payload::new(payload).sha256[..8]));
            let found = of(stream, run, "unkeyed_record", &detail);
            problem::note(tx, Found { payload: Some(payload.as_bytes()), ..found }, run.clock.now()).await?;
        }
        Ok(())
    }
}

/// Stores each record by itself after the batch was refused: one that PostgreSQL cannot take is set aside with its
/// bytes, the others are kept.
pub(super) async fn one_by_one(run: &Run<'_>, stream: &Stream, batch: Batch) -> Result<Batch> {
    let pool: &PgPool = run.database.pool();
    let mut kept = Vec::with_capacity(batch.records.len());
    let mut refused = Vec::new();
    let mut pages = batch.pages;
    for (when, record) in batch.records {
        let mut tx = pool.begin().await?;
        let taken = raw::store(&mut tx, stream.table, &[(when, record.clone())]).await;
        tx.rollback().await?;
        match taken {
            Ok(_) => kept.push((when, record)),
            Err(Error::Database(sqlx::Error::Database(error))) if is_about_data(&*error) => {
                refused.push(record.key);
                let bytes = record.payload.original.unwrap_or_else(|| record.payload.json.into_bytes());
                if let Some(head) = pages.first_mut() {
                    head.page.set_aside.push(String::from_utf8_lossy(&bytes).into_owned());
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Batch { id: batch.id, pages, records: kept, refused })
}

/// 22: a value PostgreSQL cannot hold; 23: a constraint; 54: a limit.
pub(super) fn is_about_data(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.code().is_some_and(|code| ["22", "23", "54"].iter().any(|class| code.starts_with(class)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
