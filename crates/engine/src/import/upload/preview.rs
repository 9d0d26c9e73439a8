//! How an upload would be read: its dialect, what each column is taken for and why, its first rows. Reads only the first
//! megabyte, so that a page can ask again at every correction.

use std::io::Read;

use serde::Serialize;
use sqlx::PgPool;
use uuid::Uuid;

use super::Upload;
use crate::import::input::{self, Input};
use crate::import::keep::{self, unreadable};
use crate::import::map::{self, Field, Kind, Mapping};
use crate::import::report;
use crate::import::sniff::{self, HEAD_BYTES};
use crate::{Error, Result};

/// How a file would be read.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    pub encoding: &'static str,
    pub delimiter: char,
    pub header_line: u64,
    pub kind: Kind,
    pub columns: Vec<PreviewColumn>,
    /// Cells of the first rows, in the order of the columns.
    pub rows: Vec<Vec<String>>,
    pub notes: Vec<&'static str>,
    /// A mapping saved for files of this shape was taken.
    pub offered: Option<String>,
    /// An import of the same bytes that stands.
    pub known: Option<Uuid>,
}

/// One column.
#[derive(Debug, Clone, Serialize)]
pub struct PreviewColumn {
    pub key: String,
    pub field: Option<Field>,
    /// Why it is taken for that.
    pub reason: String,
    /// Up to three different values of the first rows.
    pub examples: Vec<String>,
}

/// Rows shown.
const ROWS: usize = 8;

/// Looks at an upload.
pub async fn preview(pool: &PgPool, upload: &Upload) -> Result<Preview> {
    let (name, source) = (upload.file_name.clone(), keep::read(pool, &upload.file_sha256));
    let opened = tokio::task::spawn_blocking(move || {
        // one part is two megabytes: nothing after it needs to be fetched
        input::open(Input::Stream { name, source: Box::new(source.take(2 * HEAD_BYTES as u64)) })
    })
    .await
    .map_err(|error| Error::conflict(format!("reading the file failed: {error}"), "open the page again"))?
    .map_err(|error| unreadable(&error))?;
    let whole = opened.whole;
    let sniffed = sniff::sniff(&opened.head, whole)
        .map_err(|refused| Error::invalid(refused.refusal.words(), refused.refusal.hint()))?;
    let mut connection = pool.acquire().await?;
    let shape = map::shape(&sniffed.header);
    let offered = map::offered(&mut connection, &shape).await?;
    let (told, offered) = match offered {
        Some((name, fields)) if upload.fields.is_empty() => (fields, Some(name)),
        _ => (upload.fields.clone().into_iter().collect(), None),
    };
    let mapping = Mapping::guess(&sniffed.header, &sniffed.sample, &told)?;
    let mut notes = sniffed.notes.clone();
    if mapping.has_repeated_headers(&sniffed.header) {
        notes.push("duplicate_header");
    }
    let examples = |index: usize| {
        let mut found: Vec<String> = Vec::new();
        for record in &sniffed.sample {
            let cell = record.cell(index).trim();
            if found.len() < 3 && !cell.is_empty() && !found.iter().any(|known| known == cell) {
                found.push(cell.chars().take(80).collect());
            }
        }
        found
    };
    let columns = mapping
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| PreviewColumn {
            key: column.key.clone(),
            field: column.field,
            reason: column.reason.clone(),
            examples: examples(index),
        })
        .collect();
    let rows = sniffed
        .sample
        .iter()
        .take(ROWS)
        .map(|record| record.cells().map(|cell| cell.chars().take(120).collect()).collect())
        .collect();
    Ok(Preview {
        encoding: sniffed.encoding,
        delimiter: char::from(sniffed.dialect.delimiter),
        header_line: sniffed.header.line,
        kind: mapping.kind,
        columns,
        rows,
        notes,
        offered,
        known: report::standing(pool, &upload.file_sha256).await?,
    })
}
