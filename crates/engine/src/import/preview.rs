//! How a file would be read, from its first megabyte: what it is, what its columns mean and why, its first rows. Stores
//! nothing. What would become of each row is what a dry run says.

use serde::Serialize;
use sqlx::PgPool;

use super::input::{self, Input};
use super::keep::unreadable;
use super::map::{self, Column, Kind};
use super::read::Record;
use super::run::{Chosen, Options, blocking};
use super::sniff::{self, Refused};
use crate::Result;

/// Rows shown.
const ROWS: usize = 10;
/// Values shown of each column.
const SAMPLES: usize = 3;
/// Characters shown of a cell.
const EXCERPT: usize = 200;

/// How a file would be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ImportPreview)]
pub struct Preview {
    pub file_name: String,
    /// Why it would be refused, as a code ([`super::Refusal::named`] has the words); none: it can be imported.
    pub refusal: Option<&'static str>,
    pub encoding: Option<&'static str>,
    pub delimiter: Option<char>,
    pub quote: Option<char>,
    /// Physical line, from 1.
    pub header_line: Option<u64>,
    pub companies_only: bool,
    pub columns: Vec<PreviewColumn>,
    /// Cells of the first rows, shortened.
    pub rows: Vec<Vec<String>>,
    /// Findings about the whole file, as codes.
    pub file_notes: Vec<&'static str>,
    /// The saved mapping that serves.
    pub mapping_name: Option<String>,
    /// It was taken because it was saved for a file of this shape.
    pub offered: bool,
    /// Every saved mapping by name, those for files of this shape first.
    pub saved: Vec<String>,
}

/// A column, and a few of its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PreviewColumn {
    #[serde(flatten)]
    pub column: Column,
    /// The first different values that are not blank, shortened.
    pub samples: Vec<String>,
}

/// Looks at the start of a file: [`super::HEAD_BYTES`] of it do, and less is taken for all of it. Of the options, the
/// mapping and the corrections count.
pub async fn preview(pool: &PgPool, input: Input, options: &Options) -> Result<Preview> {
    let opened = blocking(move || input::open(input)).await?.map_err(|error| unreadable(&error))?;
    let mut preview = Preview {
        file_name: opened.name,
        refusal: None,
        encoding: None,
        delimiter: None,
        quote: None,
        header_line: None,
        companies_only: false,
        columns: Vec::new(),
        rows: Vec::new(),
        file_notes: Vec::new(),
        mapping_name: None,
        offered: false,
        saved: Vec::new(),
    };
    let sniffed = match sniff::sniff(&opened.head, opened.whole) {
        Ok(sniffed) => sniffed,
        Err(refused) => {
            preview.refuse(refused);
            return Ok(preview);
        }
    };
    let mut connection = pool.acquire().await?;
    let chosen = Chosen::decide(&mut connection, options, sniffed).await?;
    if let Some(refused) = chosen.refused() {
        preview.refuse(refused);
    }
    preview.saved = map::names(&mut connection, &chosen.shape).await?;
    preview.show(chosen);
    Ok(preview)
}

impl Preview {
    fn refuse(&mut self, refused: Refused) {
        self.refusal = Some(refused.refusal.code());
        self.encoding = refused.encoding;
        self.delimiter = refused.delimiter.map(char::from);
    }

    fn show(&mut self, chosen: Chosen) {
        let sniffed = chosen.sniffed;
        self.encoding = Some(sniffed.encoding);
        self.delimiter = Some(char::from(sniffed.dialect.delimiter));
        self.quote = Some(char::from(sniffed.dialect.quote));
        self.header_line = Some(sniffed.header.line);
        self.companies_only = chosen.mapping.kind == Kind::CompaniesOnly;
        self.file_notes = chosen.notes;
        self.mapping_name = chosen.name;
        self.offered = chosen.offered;
        let rows = || sniffed.sample.iter().filter(|record| !record.is_blank());
        self.rows = rows().take(ROWS).map(|record| record.cells().map(excerpt).collect()).collect();
        self.columns = chosen
            .mapping
            .columns
            .into_iter()
            .enumerate()
            .map(|(index, column)| PreviewColumn { column, samples: samples(rows(), index) })
            .collect();
    }
}

fn samples<'a>(rows: impl Iterator<Item = &'a Record>, index: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for cell in rows.map(|record| record.cell(index).trim()).filter(|cell| !cell.is_empty()) {
        let cell = excerpt(cell);
        if found.len() < SAMPLES && !found.contains(&cell) {
            found.push(cell);
        }
    }
    found
}

fn excerpt(cell: &str) -> String {
    match cell.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    }
}
