//! One record: its cells as text, its line, and what was wrong with it.

use super::parse::Cells;

/// What the reader found wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    None,
    /// A quote out of place; the cells come out right.
    StrayQuote,
    /// A quote never closed; read again with quotes as text, the cells come out right.
    Resynced,
    /// A quote never closed, and the line alone does not fit the header either.
    Unterminated,
    /// A cell is larger than 1 MiB.
    CellTooLarge,
    /// The record is larger than 4 MiB; its cells were not read.
    RecordTooLarge,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    text: String,
    ends: Vec<usize>,
    /// Physical line it starts on; the first is 1.
    pub line: u64,
    pub damage: Damage,
    /// NUL characters were taken out.
    pub had_nul: bool,
    /// The bytes were no UTF-8, and were read as Windows-1252.
    pub was_windows_1252: bool,
}

impl Record {
    pub(super) fn new(cells: Cells, line: u64, damage: Damage) -> Self {
        let Cells { mut text, mut ends } = cells;
        let had_nul = memchr::memchr(0, &text).is_some();
        if had_nul {
            without_nul(&mut text, &mut ends);
        }
        let (text, was_windows_1252) = match String::from_utf8(text) {
            Ok(text) => (text, false),
            Err(error) => (from_windows_1252(error.as_bytes(), &mut ends), true),
        };
        Self { text, ends, line, damage, had_nul, was_windows_1252 }
    }

    pub(super) fn too_large(line: u64) -> Self {
        let damage = Damage::RecordTooLarge;
        Self { text: String::new(), ends: Vec::new(), line, damage, had_nul: false, was_windows_1252: false }
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no cell at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A cell; empty where the record is too short.
    pub fn cell(&self, index: usize) -> &str {
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        self.text.get(start..end).unwrap_or("")
    }

    /// The cells in order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.cell(index))
    }

    /// Nothing but delimiters and blanks.
    pub fn is_blank(&self) -> bool {
        self.damage != Damage::RecordTooLarge
            && self.text.chars().all(|c| c.is_whitespace() || c == '\u{FEFF}')
    }
}

fn without_nul(text: &mut Vec<u8>, ends: &mut [usize]) {
    let mut kept = Vec::with_capacity(text.len());
    let mut start = 0;
    for end in ends {
        kept.extend(text[start..*end].iter().copied().filter(|byte| *byte != 0));
        start = *end;
        *end = kept.len();
    }
    *text = kept;
}

fn from_windows_1252(bytes: &[u8], ends: &mut [usize]) -> String {
    let mut text = String::with_capacity(bytes.len() + 16);
    let mut start = 0;
    for end in ends {
        text.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes[start..*end]).0);
        start = *end;
        *end = text.len();
    }
    text
}
