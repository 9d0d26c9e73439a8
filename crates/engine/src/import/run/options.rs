//! What a person asks of an import, what comes of it, and who is told meanwhile. Leaves doing it to [`super`].

use crate::import::map::Field;
use crate::import::report::Report;
use crate::import::verdicts::Seen;
use crate::{Error, Result};

/// What a person asks of an import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Say what would happen, and change nothing.
    pub dry_run: bool,
    /// Read bytes that were imported before once more.
    pub again: bool,
    /// A saved mapping to use; with [`Options::map`], the name to save under.
    pub mapping: Option<String>,
    /// Corrections: header and field; none: keep the column as it is.
    pub map: Vec<(String, Option<Field>)>,
    /// Fields that replace what is there, by their names.
    pub overwrite: Vec<String>,
    /// Of a dry run: how many rows of each outcome to give back with their verdicts.
    pub first_rows: i64,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Imported {
    pub report: Report,
    /// The same bytes were imported before; nothing was done, and this is the report of that time.
    pub known: bool,
    /// An earlier run had been cut off; this one went on.
    pub resumed: bool,
    pub dry_run: bool,
    /// A mapping saved for a file of this shape was taken.
    pub offered: bool,
    /// Of a dry run: the first rows of each outcome, as many as were asked for.
    pub rows: Vec<Seen>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub rows: u64,
    pub parts: i32,
    /// Bytes read, as UTF-8.
    pub bytes: u64,
}

/// Told after each part.
pub trait Watch: Send + Sync {
    fn part(&self, progress: Progress);
}

impl Watch for () {
    fn part(&self, _: Progress) {}
}

/// Refuses what no import can do.
pub(super) fn check(options: &Options) -> Result<()> {
    const FIELDS: [&str; 10] = [
        "first_name",
        "last_name",
        "job_title",
        "seniority",
        "phone",
        "linkedin_url",
        "company_name",
        "industry",
        "company_size",
        "company",
    ];
    match options.overwrite.iter().find(|field| !FIELDS.contains(&field.as_str())) {
        Some(field) => Err(Error::invalid(
            format!("`{field}` cannot be overwritten by an import"),
            format!("one of: {}", FIELDS[..9].join(", ")),
        )),
        None => Ok(()),
    }
}
