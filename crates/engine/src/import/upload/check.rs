//! What is done with an upload: looked at on a page; by a job, what an import would do is worked out, or it is imported.

use std::io::Read;

use jiff_sqlx::ToSqlx;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Upload, show};
use crate::clock::Clock;
use crate::import::report::Report;
use crate::import::sniff::HEAD_BYTES;
use crate::import::verdicts::Seen;
use crate::import::{Imported, Input, Options, Preview, Watch, import, keep, report};
use crate::sync::Stop;
use crate::{Error, Result};

/// Verdicts kept of each outcome.
const FIRST_ROWS: i64 = 40;

/// Fields that a file may overwrite.
const OVERWRITTEN: [&str; 9] = [
    "first_name",
    "last_name",
    "job_title",
    "seniority",
    "phone",
    "linkedin_url",
    "company_name",
    "industry",
    "company_size",
];

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    pub report: Report,
    /// The first rows of every outcome, in the order of the file.
    pub rows: Vec<Seen>,
}

/// How an upload would be read. Fetches only its first parts, so that a page can ask at every correction.
pub async fn preview(pool: &PgPool, upload: &Upload) -> Result<Preview> {
    let head = keep::read(pool, &upload.file_sha256).take(2 * HEAD_BYTES as u64);
    let input = Input::Stream { name: upload.file_name.clone(), source: Box::new(head) };
    crate::import::preview(pool, input, &options(upload)).await
}

/// The import of the same bytes that stands, where there is one.
pub async fn known(pool: &PgPool, upload: &Upload) -> Result<Option<Uuid>> {
    report::standing(pool, &upload.file_sha256).await
}

/// Works out what an import would do: the import itself, rolled back.
pub async fn check(
    pool: &PgPool,
    id: Uuid,
    clock: &Clock,
    stop: &Stop,
    watch: &dyn Watch,
) -> Result<Checked> {
    let upload = show(pool, id).await?;
    let options = Options { dry_run: true, again: true, first_rows: FIRST_ROWS, ..options(&upload) };
    let Imported { report, rows, .. } =
        Box::pin(import(pool, input(pool, &upload), &options, clock, stop, watch)).await?;
    let checked = Checked { report, rows };
    if stop.is_asked() {
        return Ok(checked);
    }
    // Only for the mapping it was worked out with.
    sqlx::query(
        "update touchline.uploads set checked = $2, updated_at = $3 where id = $1 and fields = $4 and overwrite = $5",
    )
    .bind(id)
    .bind(Json(&checked))
    .bind(clock.now().to_sqlx())
    .bind(Json(&upload.fields))
    .bind(upload.overwrite)
    .execute(pool)
    .await?;
    Ok(checked)
}

/// Imports an upload.
pub async fn commit(
    pool: &PgPool,
    id: Uuid,
    again: bool,
    clock: &Clock,
    stop: &Stop,
    watch: &dyn Watch,
) -> Result<Imported> {
    let upload = show(pool, id).await?;
    let options = Options { again, ..options(&upload) };
    let imported = Box::pin(import(pool, input(pool, &upload), &options, clock, stop, watch)).await?;
    sqlx::query("update touchline.uploads set import_id = $2, updated_at = $3 where id = $1")
        .bind(id)
        .bind(imported.report.id)
        .bind(clock.now().to_sqlx())
        .execute(pool)
        .await
        .map_err(Error::from)?;
    Ok(imported)
}

fn input(pool: &PgPool, upload: &Upload) -> Input {
    Input::Stream { name: upload.file_name.clone(), source: keep::read(pool, &upload.file_sha256) }
}

fn options(upload: &Upload) -> Options {
    let overwrite = if upload.overwrite { OVERWRITTEN.map(String::from).to_vec() } else { Vec::new() };
    Options {
        map: upload.fields.clone().into_iter().collect(),
        mapping: upload.mapping_name.clone().filter(|_| !upload.fields.is_empty()),
        overwrite,
        ..Options::default()
    }
}
