//! Files that were received and not imported yet: kept, looked at, corrected, checked, imported or thrown away. Leaves
//! importing itself to [`super::import`], running for long to `jobs`.

mod check;
mod receive;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgPool, Row};
use std::collections::BTreeMap;
use uuid::Uuid;

pub use check::{Checked, check, commit, known, preview};
pub use receive::{Chunks, Received, receive};

use super::Field;
use crate::{Error, Result};

/// A file that was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Upload {
    pub id: Uuid,
    pub file_name: String,
    #[serde(skip)]
    file_sha256: Vec<u8>,
    pub file_bytes: i64,
    /// A person's corrections: column and field; null: kept as it is.
    pub fields: BTreeMap<String, Option<Field>>,
    /// Values of the file replace what is there.
    pub overwrite: bool,
    pub mapping_name: Option<String>,
    /// What an import would do; null: not worked out for the mapping as it stands.
    pub checked: Option<Checked>,
    pub import_id: Option<Uuid>,
    pub created_at: Timestamp,
}

/// How a person wants the file to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub fields: BTreeMap<String, Option<Field>>,
    pub overwrite: bool,
    pub mapping_name: Option<String>,
}

const COLUMNS: &str = "select id, file_name, file_sha256, file_bytes, fields, overwrite, mapping_name, checked, import_id, created_at from touchline.uploads";

/// One upload.
pub async fn show(pool: &PgPool, id: Uuid) -> Result<Upload> {
    let found = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} where id = $1")))
        .bind(id)
        .fetch_optional(pool)
        .await?;
    found.map(|row| upload(&row)).transpose()?.ok_or_else(|| {
        Error::not_found(
            format!("there is no uploaded file `{id}`"),
            "it may have been thrown away; give it again",
        )
    })
}

/// Uploads that became no import yet, newest first.
pub async fn open(pool: &PgPool, limit: i64) -> Result<Vec<Upload>> {
    let sql = format!("{COLUMNS} where import_id is null order by created_at desc, id desc limit $1");
    let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(limit).fetch_all(pool).await?;
    found.iter().map(upload).collect()
}

/// The file of an import once more, read as it was then.
pub async fn of_import(pool: &PgPool, import_id: Uuid, now: Timestamp) -> Result<Upload> {
    let report = super::show(pool, import_id).await?;
    let fields: BTreeMap<String, Option<Field>> =
        report.columns.into_iter().map(|column| (column.key, column.field)).collect();
    let id = Uuid::now_v7();
    let made = sqlx::query(
        "insert into touchline.uploads (id, file_name, file_sha256, file_bytes, fields, overwrite, created_at, updated_at)
         select $1, file_name, file_sha256, file_bytes, $3, cardinality(overwrite) > 0, $4, $4
           from touchline.imports
          where id = $2
            and file_sha256 is not null",
    )
    .bind(id)
    .bind(import_id)
    .bind(Json(&fields))
    .bind(now.to_sqlx())
    .execute(pool)
    .await?;
    if made.rows_affected() == 0 {
        return Err(Error::conflict(
            format!("import `{import_id}` was refused: its file is not kept"),
            "give the file again",
        ));
    }
    show(pool, id).await
}

/// Says how the file is to be read; what was worked out before is forgotten where that differs.
pub async fn read_as(pool: &PgPool, id: Uuid, reading: &Reading, now: Timestamp) -> Result<Upload> {
    let before = show(pool, id).await?;
    let same = before.fields == reading.fields && before.overwrite == reading.overwrite;
    sqlx::query(
        "update touchline.uploads
            set fields = $2,
                overwrite = $3,
                mapping_name = $4,
                checked = case when $5 then checked end,
                updated_at = $6
          where id = $1",
    )
    .bind(id)
    .bind(Json(&reading.fields))
    .bind(reading.overwrite)
    .bind(&reading.mapping_name)
    .bind(same)
    .bind(now.to_sqlx())
    .execute(pool)
    .await?;
    show(pool, id).await
}

/// Throws an upload away, and its bytes where nothing else needs them.
pub async fn discard(pool: &PgPool, id: Uuid) -> Result<()> {
    let upload = show(pool, id).await?;
    let mut tx = pool.begin().await?;
    sqlx::query("delete from touchline.uploads where id = $1").bind(id).execute(&mut *tx).await?;
    sqlx::query(
        "delete from touchline.import_files f
          where file_sha256 = $1
            and not exists (select from touchline.uploads u where u.file_sha256 = f.file_sha256)
            and not exists (select from touchline.imports i where i.file_sha256 = f.file_sha256)",
    )
    .bind(&upload.file_sha256)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

fn upload(row: &PgRow) -> Result<Upload> {
    let Json(fields) = row.try_get("fields")?;
    // what an older version worked out is worked out anew
    let checked: Option<Value> = row.try_get("checked")?;
    Ok(Upload {
        id: row.try_get("id")?,
        file_name: row.try_get("file_name")?,
        file_sha256: row.try_get("file_sha256")?,
        file_bytes: row.try_get("file_bytes")?,
        fields,
        overwrite: row.try_get("overwrite")?,
        mapping_name: row.try_get("mapping_name")?,
        checked: checked.and_then(|value| serde_json::from_value(value).ok()),
        import_id: row.try_get("import_id")?,
        created_at: row.try_get::<jiff_sqlx::Timestamp, _>("created_at")?.to_jiff(),
    })
}
