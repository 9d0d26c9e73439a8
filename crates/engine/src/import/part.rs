//! Records become parts: JSON of the original strings beside the rows as understood.

use std::ops::Range;

use uuid::Uuid;

use super::clean::{Cleaner, Company, CompanyKey, Row, Said};
use super::map::Mapping;
use super::read::{Damage, Record};
use super::{HashMap, HashSet};

/// A part is closed at this much JSON: well below what one JSONB value holds, and what a small server parses gladly.
const MOST_BYTES: usize = 2 * 1024 * 1024;
/// Or at so many rows.
const MOST_ROWS: usize = 10_000;

/// A key with its quotes and colon, and a comma.
const USUAL_KEY: usize = 24;

/// Rows that are stored together.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// A JSON array with one object a row.
    pub(super) json: Vec<u8>,
    /// Where each row's object ends in it.
    ends: Vec<usize>,
    pub(super) rows: Vec<Row>,
    pub(super) companies: HashMap<CompanyKey, CompanyDraft>,
    pub(super) blank_rows: u64,
    /// Where the next part begins: bytes, and physical line.
    pub(super) next: (u64, u64),
    pub(super) last: bool,
    /// Its row of `csv_imports_raw`, once it is kept; none for a part without rows.
    pub(super) raw_id: Option<Uuid>,
}

impl Part {
    /// The object of one row, by its position from 1.
    pub(super) fn object(&self, position: u32) -> &[u8] {
        let index = position as usize - 1;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.json[start + 1..self.ends[index]]
    }

    /// The same part with some rows only; the others are refused for a reason.
    pub(super) fn only(&self, keep: impl Fn(usize) -> bool, reason: &'static str) -> Self {
        let mut rows = self.rows.clone();
        for (index, row) in rows.iter_mut().enumerate() {
            if !keep(index) && !matches!(row.said, Said::Nothing(_)) {
                row.said = Said::Nothing(reason);
            }
        }
        let used: HashSet<CompanyKey> =
            rows.iter().filter_map(|row| row.said.company()?.key.clone()).collect();
        let companies = self.companies.iter().filter(|(key, _)| used.contains(key));
        Self {
            json: self.json.clone(),
            ends: self.ends.clone(),
            companies: companies.map(|(key, draft)| (key.clone(), draft.clone())).collect(),
            rows,
            ..*self
        }
    }
}

/// What the rows of a part say of one company: the first value wins.
#[derive(Debug, Clone, Default)]
pub(super) struct CompanyDraft {
    pub(super) company: Company,
    /// Position of the row that named it first.
    pub(super) position: u32,
    /// Its own columns that have something in them, with the place of that in the part's JSON.
    cells: Vec<(usize, Range<usize>)>,
}

/// Columns and their keys as JSON with the colon, in the order JSONB keeps keys.
fn json_keys(mapping: &Mapping) -> Vec<(usize, Vec<u8>)> {
    let mut order: Vec<usize> = (0..mapping.columns.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&mapping.columns[a].key, &mapping.columns[b].key);
        a.len().cmp(&b.len()).then_with(|| a.cmp(b))
    });
    let json_key = |index: usize| {
        let mut key = Vec::new();
        string(&mapping.columns[index].key.replace('\0', ""), &mut key);
        key.push(b':');
        (index, key)
    };
    order.into_iter().map(json_key).collect()
}

/// The same of the company's own columns.
pub(super) fn company_keys(mapping: &Mapping) -> Vec<(usize, Vec<u8>)> {
    json_keys(mapping).into_iter().filter(|(index, _)| mapping.columns[*index].of_company).collect()
}

/// Makes parts of one file.
pub(super) struct Builder {
    cleaner: Cleaner,
    /// As [`json_keys`] gives them.
    keys: Vec<(usize, Vec<u8>)>,
    unnamed: Vec<bool>,
    company_columns: Vec<usize>,
    width: usize,
    part: Part,
    /// Where each cell of the row at hand stands in the part's JSON, by column.
    places: Vec<Range<usize>>,
    /// The JSON of a part that is done: its room serves again.
    spare: Vec<u8>,
}

impl Builder {
    pub(super) fn new(mapping: Mapping, header: Record) -> Self {
        Self {
            keys: json_keys(&mapping),
            unnamed: mapping.columns.iter().map(|column| column.unnamed).collect(),
            company_columns: (0..mapping.columns.len()).filter(|&i| mapping.columns[i].of_company).collect(),
            width: header.len(),
            places: vec![0..0; mapping.columns.len()],
            cleaner: Cleaner::new(mapping, header),
            part: Part::default(),
            spare: Vec::new(),
        }
    }

    pub(super) fn blank(&mut self) {
        self.part.blank_rows += 1;
    }

    pub(super) fn add(&mut self, record: &Record) {
        let row = self.cleaner.clean(record);
        self.part.json.push(if self.part.rows.is_empty() { b'[' } else { b',' });
        self.object(record);
        self.part.ends.push(self.part.json.len());
        if let Some((company, key)) =
            row.said.company().and_then(|company| Some((company, company.key.clone()?)))
        {
            let position = u32::try_from(self.part.rows.len() + 1).unwrap_or(u32::MAX);
            let draft = self.part.companies.entry(key).or_insert_with(|| CompanyDraft {
                company: company.clone(),
                position,
                cells: Vec::new(),
            });
            draft.add(company, record, &self.company_columns, &self.places);
        }
        self.part.rows.push(row);
    }

    pub(super) fn is_full(&self) -> bool {
        self.part.json.len() >= MOST_BYTES || self.part.rows.len() >= MOST_ROWS
    }

    /// The part so far; the next one begins at `next`.
    pub(super) fn take(&mut self, next: (u64, u64), last: bool) -> Part {
        let mut part = std::mem::take(&mut self.part);
        self.part.json = std::mem::take(&mut self.spare);
        self.part.json.reserve_exact(MOST_BYTES + MOST_BYTES / 8); // doubling would take twice that
        if !part.rows.is_empty() {
            part.json.push(b']');
        }
        (part.next, part.last) = (next, last);
        part
    }

    /// Takes a part back that is done.
    pub(super) fn reuse(&mut self, mut part: Part) {
        part.json.clear();
        self.spare = std::mem::take(&mut part.json);
    }

    fn object(&mut self, record: &Record) {
        let out = &mut self.part.json;
        let mut first = true;
        let mut open = |out: &mut Vec<u8>| {
            out.push(if first { b'{' } else { b',' });
            first = false;
        };
        if record.damage == Damage::RecordTooLarge {
            open(out);
            out.extend_from_slice(b"\"_line\":");
            out.extend_from_slice(record.line.to_string().as_bytes());
        } else {
            for (index, key) in &self.keys {
                let cell = record.cell(*index);
                if self.unnamed[*index] && cell.is_empty() {
                    continue;
                }
                open(out);
                out.extend_from_slice(key);
                let start = out.len();
                string(cell, out);
                self.places[*index] = start..out.len();
            }
        }
        if (self.width..record.len()).any(|index| !record.cell(index).trim().is_empty()) {
            open(out);
            out.extend_from_slice(b"\"_extra\":");
            for index in self.width..record.len() {
                out.push(if index == self.width { b'[' } else { b',' });
                string(record.cell(index), out);
            }
            out.push(b']');
        }
        if first {
            out.push(b'{');
        }
        out.push(b'}');
    }
}

impl CompanyDraft {
    /// `places`: of the record's cells in the part's JSON.
    fn add(&mut self, company: &Company, record: &Record, columns: &[usize], places: &[Range<usize>]) {
        let own = &mut self.company;
        own.industry = own.industry.take().or_else(|| company.industry.clone());
        own.size = own.size.take().or_else(|| company.size.clone());
        if own.name == own.domain && company.name.is_some() {
            own.name.clone_from(&company.name);
        }
        let had = self.cells.len();
        for &column in columns {
            let cell = record.cell(column);
            if !cell.trim().is_empty() && !self.cells[..had].iter().any(|(known, _)| *known == column) {
                self.cells.push((column, places[column].clone()));
            }
        }
    }

    /// Its own columns that have something in them.
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> {
        self.cells.iter().map(|(column, _)| *column)
    }

    /// Its own columns as a JSON object, cut out of the part's; nothing where none has anything in it.
    pub(super) fn json(&self, part: &Part, keys: &[(usize, Vec<u8>)]) -> Option<Vec<u8>> {
        let room = self.cells.iter().map(|(_, place)| place.len() + USUAL_KEY).sum();
        let mut out = Vec::with_capacity(room);
        for (column, key) in keys {
            if let Some((_, place)) = self.cells.iter().find(|(known, _)| known == column) {
                out.push(if out.is_empty() { b'{' } else { b',' });
                out.extend_from_slice(key);
                out.extend_from_slice(&part.json[place.clone()]);
            }
        }
        (!out.is_empty()).then(|| {
            out.push(b'}');
            out
        })
    }
}

/// A JSON string. The text has no NUL.
fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let bytes = text.as_bytes();
    // Most cells have nothing to escape. Asked of all bytes without a way out, the processor takes many at once.
    if bytes.iter().fold(false, |any, &byte| any | is_escaped(byte)) {
        escaped(bytes, out);
    } else {
        out.extend_from_slice(bytes);
    }
    out.push(b'"');
}

fn is_escaped(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

fn escaped(bytes: &[u8], out: &mut Vec<u8>) {
    let mut from = 0;
    for (at, &byte) in bytes.iter().enumerate().filter(|(_, byte)| is_escaped(**byte)) {
        out.extend_from_slice(&bytes[from..at]);
        from = at + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
        }
    }
    out.extend_from_slice(&bytes[from..]);
}
