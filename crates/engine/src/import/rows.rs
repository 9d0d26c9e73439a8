//! Any list's rows, read as people's lists are: dialects, encodings, damage that stays with its row. For rooms that read
//! lists of something else; leaves what the columns mean to them.

use std::io::{self, Read};

use super::input::{self, Input};
use super::keep::unreadable;
use super::read::{Damage, Dialect, Reader, Record, decoder};
use super::run::blocking;
use super::sniff::{self, Refusal};
use crate::Result;

/// A list that was opened: its header and first rows are known.
pub(crate) struct Rows {
    pub(crate) file_name: String,
    pub(crate) encoding: &'static str,
    pub(crate) header: Vec<String>,
    /// The first rows, at most a hundred.
    pub(crate) sample: Vec<Row>,
    header_line: u64,
    dialect: Dialect,
    source: Box<dyn Read + Send>,
}

/// One row.
pub(crate) struct Row {
    /// Physical line it starts on; the first is 1.
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
    /// It could not be read as its header promises.
    pub(crate) is_broken: bool,
}

impl Rows {
    /// Opens a list, or says why it is none.
    pub(crate) async fn open(input: Input) -> Result<std::result::Result<Self, Refusal>> {
        let opened = blocking(move || input::open(input)).await?.map_err(|error| unreadable(&error))?;
        let sniffed = match sniff::sniff(&opened.head, opened.whole) {
            Ok(sniffed) => sniffed,
            Err(refused) => return Ok(Err(refused.refusal)),
        };
        Ok(Ok(Self {
            file_name: opened.name,
            encoding: sniffed.encoding,
            header: sniffed.header.cells().map(str::to_owned).collect(),
            sample: sniffed.sample.iter().filter(|record| !record.is_blank()).map(Row::of).collect(),
            header_line: sniffed.header.line,
            dialect: sniffed.dialect,
            source: opened.source,
        }))
    }

    /// Gives every row that is not blank, until it is told to stop. Blocks.
    pub(crate) fn each(self, mut row: impl FnMut(Row) -> bool) -> io::Result<()> {
        let bytes = decoder(input::unpacked(self.source)?, sniff::encoding::named(self.encoding));
        let mut reader = Reader::new(bytes, self.dialect);
        while let Some(record) = reader.next()? {
            if record.line == self.header_line {
                break;
            }
        }
        reader.expect(self.header.len());
        while let Some(record) = reader.next()? {
            if !record.is_blank() && !row(Row::of(&record)) {
                break;
            }
        }
        Ok(())
    }
}

impl Row {
    fn of(record: &Record) -> Self {
        let is_broken =
            matches!(record.damage, Damage::Unterminated | Damage::CellTooLarge | Damage::RecordTooLarge);
        Self { line: record.line, cells: record.cells().map(str::to_owned).collect(), is_broken }
    }

    /// A cell without blanks around it; empty where the row is too short.
    pub(crate) fn cell(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", |cell| cell.trim())
    }
}
