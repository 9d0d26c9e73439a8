//! Stores records in their raw table: new, changed, unchanged, stale or returned, in sets.
//! Leaves transactions, cursors and receipts to `sync`.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Row};

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
/// One writer a table at a time: whoever stores into it holds the table's lock until the transaction ends. So a webhook
/// waits for a batch of a sync, not for the sync.
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
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('touchline raw ' || $1, 0))")
        .bind(table.name)
        .execute(&mut *connection)
        .await?;
    let mut order: Vec<usize> = latest.into_values().collect();
    order.sort_unstable();
    let batch: Vec<&(Timestamp, Record)> = order.into_iter().map(|index| &records[index]).collect();

    // Most records of a batch are new or unchanged: the hash tells, and their payload travels at most once.
    let (mut added, mut doubtful) = (Vec::new(), Vec::new());
    for row in judge(table, &batch).fetch_all(&mut *connection).await? {
        let positions: Vec<i64> = row.try_get("positions")?;
        let records = positions.iter().filter_map(|position| batch.get(*position as usize - 1).copied());
        match row.try_get::<&str, _>("verdict")? {
            "new" => added.extend(records),
            "doubtful" => doubtful.extend(records),
            _ => stored.unchanged += positions.len() as u64,
        }
    }
    if !added.is_empty() {
        whole(table, table.add_statement(), &added).execute(&mut *connection).await?;
        stored.new = added.len() as u64;
        stored.changed_keys.extend(added.iter().map(|(_, record)| record.key.clone()));
    }
    if !doubtful.is_empty() {
        let rows = whole(table, table.store_statement(), &doubtful).fetch_all(connection).await?;
        count(&mut stored, &rows)?;
    }
    Ok(stored)
}

type Batch<'a> = [&'a (Timestamp, Record)];
type Statement = sqlx::query::Query<'static, Postgres, PgArguments>;

/// Asks what the records are to the table, by their hash.
fn judge(table: &RawTable, batch: &Batch) -> Statement {
    let query = sqlx::query(AssertSqlSafe(table.judge_statement()))
        .bind(batch.iter().map(|(_, r)| r.key.as_str()).collect::<Vec<_>>())
        .bind(batch.iter().map(|(_, r)| &r.payload.sha256[..]).collect::<Vec<_>>())
        .bind(batch.iter().map(|(at, _)| at.to_sqlx()).collect::<Vec<_>>());
    columns(query, table, batch)
}

/// A statement over whole records.
fn whole(table: &RawTable, statement: String, batch: &Batch) -> Statement {
    let query = sqlx::query(AssertSqlSafe(statement))
        .bind(batch.iter().map(|(_, r)| r.key.as_str()).collect::<Vec<_>>())
        .bind(batch.iter().map(|(_, r)| r.payload.json.as_str()).collect::<Vec<_>>())
        .bind(batch.iter().map(|(_, r)| r.payload.original.as_deref()).collect::<Vec<_>>())
        .bind(batch.iter().map(|(_, r)| &r.payload.sha256[..]).collect::<Vec<_>>())
        .bind(batch.iter().map(|(at, _)| at.to_sqlx()).collect::<Vec<_>>());
    columns(query, table, batch)
}

fn columns(mut query: Statement, table: &RawTable, batch: &Batch) -> Statement {
    for column in 0..table.columns.len() {
        query = query.bind(batch.iter().map(|(_, r)| r.values[column].as_deref()).collect::<Vec<_>>());
    }
    query
}

/// Takes up what `store.sql` found at a closer look.
fn count(stored: &mut Stored, rows: &[PgRow]) -> Result<()> {
    for row in rows {
        let mut keys: Vec<String> = row.try_get("record_keys")?;
        let count = keys.len() as u64;
        match row.try_get::<&str, _>("verdict")? {
            "new" => stored.new += count,
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
    Ok(())
}

/// What the record says of its own age, where it does.
fn updated_at(record: &Record) -> Option<String> {
    let fields = Fields::of(&record.payload.json);
    // as Instantly names it, or Vapi
    fields.text("timestamp_updated").or_else(|| fields.text("updatedAt"))
}
