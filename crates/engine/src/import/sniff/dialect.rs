//! Delimiter, quote and header: what makes the best table of the first records.

use std::io::Cursor;

use super::{MOST_COLUMNS, Refusal, Sniffed};
use crate::identity::email;
use crate::import::map::synonyms;
use crate::import::read::{Dialect, Reader, Record};

/// The note on files whose quotes stand after a blank.
pub(in crate::import) const SPACE_BEFORE_QUOTES: &str = "space_before_quotes";
/// In order of preference where nothing else decides.
const DELIMITERS: [u8; 5] = [b',', b';', b'\t', b'|', b':'];
/// Records looked at.
const MOST_RECORDS: usize = 120;
/// The header is among the first so many.
const HEADER_WITHIN: usize = 20;

/// One way to read the head.
struct Reading {
    dialect: Dialect,
    records: Vec<Record>,
    /// Which record is the header, if one is recognised, and how many of its names are known.
    header: Option<(usize, usize)>,
    /// Share of records that have the commonest width, in per cent; zero where that is one cell.
    steady: usize,
    /// Most records have a quote that opens nothing since blanks stand before it.
    leaves_quotes: bool,
}

pub(super) fn find(head: &[u8], whole: bool) -> Result<Sniffed, (Refusal, u8)> {
    let hinted = separator_line(head);
    let quote = if is_quoted_by_apostrophes(head) { b'\'' } else { b'"' };
    let spaces: &[bool] = match memchr::memmem::find(head, &[b' ', quote]) {
        Some(_) => &[false, true],
        None => &[false],
    };
    let readings = DELIMITERS
        .iter()
        .filter(|delimiter| hinted.is_none_or(|hinted| hinted == **delimiter))
        .flat_map(|delimiter| spaces.iter().map(|space| (*delimiter, *space)))
        .map(|(delimiter, skip_initial_space)| Dialect { delimiter, quote, skip_initial_space })
        .map(|dialect| read(head, whole, dialect, hinted.is_some()));
    let mut best: Option<Reading> = None;
    for reading in readings {
        let score = |reading: &Reading| {
            (reading.header.map_or(0, |(_, known)| known), reading.steady, !reading.leaves_quotes)
        };
        if best.as_ref().is_none_or(|best| score(&reading) > score(best)) {
            best = Some(reading);
        }
    }
    let Some(Reading { dialect, mut records, header, .. }) = best else { return Err((Refusal::Empty, b',')) };
    let delimiter = dialect.delimiter;
    let at = match header {
        Some((at, _)) => at,
        None => unrecognised_header(&records).map_err(|refusal| (refusal, delimiter))?,
    };
    let mut sample = records.split_off(at + 1);
    sample.retain(|record| !record.is_blank());
    sample.truncate(100);
    let Some(header) = records.pop() else { return Err((Refusal::Empty, delimiter)) };
    if header.len() > MOST_COLUMNS {
        return Err((Refusal::TooManyColumns, delimiter));
    }
    let mut notes = Vec::new();
    if hinted.is_some() || records.iter().any(|record| !record.is_blank()) {
        notes.push("preamble_skipped");
    }
    if quote == b'\'' {
        notes.push("quote_char_single");
    }
    if dialect.skip_initial_space {
        notes.push(SPACE_BEFORE_QUOTES);
    }
    Ok(Sniffed { encoding: "", dialect, header, sample, notes })
}

fn read(head: &[u8], whole: bool, dialect: Dialect, hinted: bool) -> Reading {
    let mut reader = Reader::new(Cursor::new(head), dialect);
    let mut records = Vec::new();
    while records.len() < MOST_RECORDS {
        match reader.next() {
            Ok(Some(record)) => records.push(record),
            _ => break,
        }
    }
    if !whole && records.len() < MOST_RECORDS && records.len() > 1 {
        records.pop(); // it may be cut off
    }
    let known = |record: &Record| record.cells().filter(|cell| synonyms::meaning(cell).is_some()).count();
    let header = records
        .iter()
        .take(HEADER_WITHIN)
        .enumerate()
        .skip(usize::from(hinted))
        .map(|(at, record)| (at, known(record)))
        .find(|(at, known)| *known >= 2 || (*known == 1 && is_single_header(&records, *at)));
    let mut widths = std::collections::HashMap::<usize, usize>::new();
    let filled = records.iter().filter(|record| !record.is_blank());
    filled.clone().for_each(|record| *widths.entry(record.len()).or_default() += 1);
    let commonest = widths.into_iter().max_by_key(|(width, count)| (*count, *width)).unwrap_or((1, 0));
    let steady = if commonest.0 > 1 { commonest.1 * 100 / filled.count().max(1) } else { 0 };
    let quote = char::from(dialect.quote);
    let has_left = |record: &&Record| {
        record.cells().any(|cell| cell.starts_with(' ') && cell.trim_start_matches(' ').starts_with(quote))
    };
    let leaves_quotes = records.iter().filter(has_left).count() * 2 > records.len();
    Reading { dialect, records, header, steady, leaves_quotes }
}

/// One known name makes a header where it stands alone, or first, and no address stands beside it.
fn is_single_header(records: &[Record], at: usize) -> bool {
    let record = &records[at];
    let first = records[..at].iter().all(Record::is_blank);
    first && !record.cells().any(|cell| email::key(cell).is_some())
}

/// Without a known name the first row is the header, unless a person is in it.
fn unrecognised_header(records: &[Record]) -> Result<usize, Refusal> {
    let at = records.iter().position(|record| !record.is_blank()).ok_or(Refusal::Empty)?;
    let record = &records[at];
    if record.len() > MOST_COLUMNS {
        return Err(Refusal::TooManyColumns);
    }
    let person = record.cells().any(|cell| cell.contains('@') && email::key(cell).is_some());
    if person { Err(Refusal::NoHeader) } else { Ok(at) }
}

/// Excel's `sep=;` on the first line.
pub(in crate::import) fn separator_line(head: &[u8]) -> Option<u8> {
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] if DELIMITERS.contains(delimiter) => {
            Some(*delimiter)
        }
        _ => None,
    }
}

/// `'First Name','Last Name'`: the first line begins and ends with one, and they stand beside delimiters.
fn is_quoted_by_apostrophes(head: &[u8]) -> bool {
    let Some(line) = head.split(|byte| matches!(byte, b'\n' | b'\r')).find(|line| !line.is_empty()) else {
        return false;
    };
    let line = line.trim_ascii();
    let has = |between: &[u8]| memchr::memmem::find(line, between).is_some();
    let between = |d: u8| has(&[b'\'', d, b'\'']) || has(&[b'\'', d, b' ', b'\'']);
    line.len() > 2 && line.starts_with(b"'") && line.ends_with(b"'") && DELIMITERS.iter().any(|&d| between(d))
}
