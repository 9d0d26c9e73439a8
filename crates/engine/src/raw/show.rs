//! One record through time: its versions, how it stood at a date, what changed between two.
//! Leaves finding the table by name to the list of sources.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool, Row};

use super::RawTable;
use crate::Result;

/// One payload of a record and when it was valid.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = RawVersion)]
pub struct Version {
    /// When it was received.
    pub valid_from: Timestamp,
    /// When a newer payload replaced it or the record had gone; null: it stands.
    pub valid_to: Option<Timestamp>,
    /// True where the record had gone at the vendor at `valid_to`.
    pub gone: bool,
    pub payload: Value,
    /// The original bytes as text, where JSONB cannot hold them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
}

/// Every version of a record, newest first; empty where there is no such record.
pub async fn versions(pool: &PgPool, table: &RawTable, record_key: &str) -> Result<Vec<Version>> {
    let sql = include_str!("versions.sql").replace("{table}", table.name).replace("{key}", table.key);
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(table.name).bind(record_key).fetch_all(pool).await?;
    rows.into_iter()
        .map(|row| {
            let time = |name: &str| -> Result<Option<Timestamp>> {
                Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|t| t.to_jiff()))
            };
            Ok(Version {
                valid_from: time("valid_from")?.unwrap_or(Timestamp::MIN),
                valid_to: time("valid_to")?,
                gone: row.try_get("gone")?,
                payload: row.try_get("raw_json")?,
                original: row
                    .try_get::<Option<Vec<u8>>, _>("raw_bytes")?
                    .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            })
        })
        .collect()
}

/// The version that stood at an instant (now, where none is named); none before the record was first seen and while
/// it was gone.
pub async fn show(
    pool: &PgPool,
    table: &RawTable,
    record_key: &str,
    as_of: Option<Timestamp>,
) -> Result<Option<Version>> {
    let mut versions = versions(pool, table, record_key).await?;
    Ok(match as_of {
        None => (!versions.is_empty()).then(|| versions.remove(0)),
        Some(at) => versions.into_iter().find(|v| v.valid_from <= at && v.valid_to.is_none_or(|to| at < to)),
    })
}

/// A record that changed lately.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    pub record_key: String,
    pub changed_at: Timestamp,
    pub changes: i64,
}

/// Records of a table that changed lately, latest first.
pub async fn recent(pool: &PgPool, table: &RawTable, limit: i64) -> Result<Vec<Changed>> {
    let rows = sqlx::query(include_str!("recent.sql")).bind(table.name).bind(limit).fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            Ok(Changed {
                record_key: row.try_get("record_key")?,
                changed_at: row.try_get::<jiff_sqlx::Timestamp, _>("changed_at")?.to_jiff(),
                changes: row.try_get("changes")?,
            })
        })
        .collect()
}

/// One difference between two payloads.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Difference {
    /// Where, as a JSON pointer.
    pub path: String,
    /// Value before; absent where the field is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// Value after; absent where the field went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// What differs between two payloads, field by field, objects and arrays looked into.
pub fn difference(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", Some(before), Some(after), &mut found);
    found
}

fn compare(path: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Difference>) {
    match (before, after) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let step = key.replace('~', "~0").replace('/', "~1");
                compare(&format!("{path}/{step}"), a.get(key), b.get(key), found);
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) => {
            for index in 0..a.len().max(b.len()) {
                compare(&format!("{path}/{index}"), a.get(index), b.get(index), found);
            }
        }
        (a, b) if a == b => {}
        (a, b) => {
            found.push(Difference { path: path.to_owned(), before: a.cloned(), after: b.cloned() });
        }
    }
}
