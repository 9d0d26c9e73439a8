//! Stores records in their raw table: new, changed, unchanged, stale or returned, in one statement a batch.
//! Leaves transactions, cursors and receipts to `sync`.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::{Fields, RawTable, Record};
use crate::Result;

/// What a batch did, by record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// From a page requested before the payload we hold was received; not stored.
    pub stale: u64,
    /// Back from a tombstone.
    pub returned: u64,
    /// The same key came more than once in the batch; the latest was taken.
    pub repeated: u64,
    /// Keys of records that normalisation has to look at: new, changed, returned, recognised after adoption.
    pub changed_keys: Vec<String>,
}

/// Stores records, each with the time its page was requested. The same batch again changes nothing.
///
/// One writer a table at a time: `sync` holds the source's lock.
pub async fn store(
    connection: &mut PgConnection,
    table: &RawTable,
    records: &[(Timestamp, Record)],
) -> Result<Stored> {
    let mut latest: HashMap<&str, usize> = HashMap::with_capacity(records.len());
    for (index, (observed_at, record)) in records.iter().enumerate() {
        let kept = latest.entry(&record.key).or_insert(index);
        let (kept_at, kept_record) = &records[*kept];
        if *kept != index && (updated_at(kept_record), kept_at) <= (updated_at(record), observed_at) {
            *kept = index;
        }
    }
    let mut stored = Stored { repeated: (records.len() - latest.len()) as u64, ..Stored::default() };
    if latest.is_empty() {
        return Ok(stored);
    }
    let mut order: Vec<usize> = latest.into_values().collect();
    order.sort_unstable();
    let batch: Vec<&(Timestamp, Record)> = order.into_iter().map(|index| &records[index]).collect();

    let mut query = sqlx::query(AssertSqlSafe(table.store_statement()))
        .bind(batch.iter().map(|(_, r)| r.key.as_str()).collect::<Vec<_>>())
        .bind(batch.iter().map(|(_, r)| r.payload.json.as_str()).collect::<Vec<_>>())
        .bind(batch.iter().map(|(_, r)| r.payload.original.as_deref()).collect::<Vec<_>>())
        .bind(batch.iter().map(|(_, r)| &r.payload.sha256[..]).collect::<Vec<_>>())
        .bind(batch.iter().map(|(at, _)| at.to_sqlx()).collect::<Vec<_>>());
    for column in 0..table.columns.len() {
        query = query.bind(batch.iter().map(|(_, r)| r.values[column].as_deref()).collect::<Vec<_>>());
    }
    for row in query.fetch_all(connection).await? {
        let mut keys: Vec<String> = row.try_get("record_keys")?;
        let count = keys.len() as u64;
        match row.try_get::<&str, _>("verdict")? {
            "new" => stored.new = count,
            "changed" => stored.changed = count,
            "returned" => stored.returned = count,
            "recognised" => stored.unchanged += count,
            "stale" => {
                stored.stale = count;
                continue;
            }
            _ => {
                stored.unchanged += count;
                continue;
            }
        }
        stored.changed_keys.append(&mut keys);
    }
    Ok(stored)
}

/// What the record says of its own age, where it does.
fn updated_at(record: &Record) -> Option<String> {
    Fields::of(&record.payload.json).text("timestamp_updated")
}
