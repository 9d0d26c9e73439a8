//! One record out of bytes: where its cells are, and how sound its quoting is. Knows nothing of files or headers.

use memchr::{memchr2, memchr3};

/// How the cells of a file are set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    pub delimiter: u8,
    pub quote: u8,
    /// Blanks before an opening quote and after a closing one belong to no cell: `"A", "B"`.
    pub skip_initial_space: bool,
}

impl Dialect {
    /// Where a quote may stand: `at`, or after the blanks there.
    fn past_blanks(self, input: &[u8], at: usize) -> usize {
        match self.skip_initial_space {
            true => at + input[at..].iter().take_while(|byte| **byte == b' ').count(),
            false => at,
        }
    }
}

/// How quotes are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// RFC 4180; a quote in the middle of a quoted cell that closes nothing is text.
    Standard,
    /// As [`Mode::Standard`], and `\"` is a quote.
    Backslash,
    /// A cell never goes past its line: a quote that does not close on it is text.
    Bounded,
    /// Quotes are text.
    Literal,
}

/// The cells of one record, end to end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cells {
    pub(super) text: Vec<u8>,
    pub(super) ends: Vec<usize>,
}

impl Cells {
    /// These cells; what is left has as much room.
    pub(super) fn take(&mut self) -> Self {
        let room = Self {
            text: Vec::with_capacity(self.text.len() + self.text.len() / 4),
            ends: Vec::with_capacity(self.ends.len()),
        };
        std::mem::replace(self, room)
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn close(&mut self) {
        self.ends.push(self.text.len());
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The longest cell, in bytes.
    pub(super) fn longest(&self) -> usize {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        self.ends.iter().zip(starts).map(|(end, start)| end - start).max().unwrap_or(0)
    }
}

/// How a reading went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parsed {
    /// The record ends before `next`, after `lines` physical lines; `stray`: a quote was out of place.
    Record { next: usize, lines: u64, stray: bool },
    /// The input ends before the record does.
    NeedMore,
    /// A quote that does not close: the input ended inside it, or it went on for too long with quotes out of place.
    Runaway,
}

/// Quoted text with quotes out of place is given up after so many lines: what opened it was no quote.
const STRAY_LINES: u64 = 50;

/// Reads one record from the start of `input`. `last`: nothing follows the input.
pub(super) fn parse(input: &[u8], last: bool, dialect: Dialect, mode: Mode, cells: &mut Cells) -> Parsed {
    match mode {
        Mode::Standard => standard(input, last, dialect, false, cells),
        Mode::Backslash => standard(input, last, dialect, true, cells),
        Mode::Bounded => on_one_line(input, last, dialect, true, cells),
        Mode::Literal => on_one_line(input, last, dialect, false, cells),
    }
}

fn standard(input: &[u8], last: bool, dialect: Dialect, backslash: bool, cells: &mut Cells) -> Parsed {
    cells.clear();
    let (mut at, mut lines, mut stray) = (0, 0, false);
    loop {
        let opening = dialect.past_blanks(input, at);
        if opening > at && opening == input.len() && !last {
            return Parsed::NeedMore;
        }
        if input.get(opening) == Some(&dialect.quote) {
            at = opening + 1;
            let cell_start = cells.text.len();
            loop {
                let Some(found) = memchr3(dialect.quote, b'\n', b'\r', &input[at..]) else {
                    return if last { Parsed::Runaway } else { Parsed::NeedMore };
                };
                let stop = at + found;
                cells.text.extend_from_slice(&input[at..stop]);
                if input[stop] != dialect.quote {
                    let Some(end) = line_end(input, stop, last) else { return Parsed::NeedMore };
                    cells.text.extend_from_slice(&input[stop..end]);
                    lines += 1;
                    at = end;
                    if stray && lines > STRAY_LINES {
                        return Parsed::Runaway;
                    }
                    continue;
                }
                at = stop + 1;
                if backslash && cells.text.len() > cell_start && cells.text.last() == Some(&b'\\') {
                    cells.text.pop();
                    cells.text.push(dialect.quote);
                    stray = true;
                    continue;
                }
                match input.get(at) {
                    None if !last => return Parsed::NeedMore,
                    Some(&next) if next == dialect.quote => {
                        cells.text.push(dialect.quote);
                        at += 1;
                    }
                    Some(_) => {
                        let end = dialect.past_blanks(input, at);
                        match input.get(end) {
                            None if !last => return Parsed::NeedMore,
                            Some(&next) if next != dialect.delimiter && next != b'\n' && next != b'\r' => {
                                cells.text.push(dialect.quote);
                                stray = true;
                            }
                            _ => {
                                at = end;
                                break;
                            }
                        }
                    }
                    None => break,
                }
            }
        } else {
            let Some(found) = memchr3(dialect.delimiter, b'\n', b'\r', &input[at..]) else {
                if !last {
                    return Parsed::NeedMore;
                }
                cells.text.extend_from_slice(&input[at..]);
                cells.close();
                return Parsed::Record { next: input.len(), lines: lines + 1, stray };
            };
            cells.text.extend_from_slice(&input[at..at + found]);
            at += found;
        }
        cells.close();
        match input.get(at) {
            Some(&byte) if byte == dialect.delimiter => at += 1,
            Some(_) => {
                let Some(next) = line_end(input, at, last) else { return Parsed::NeedMore };
                return Parsed::Record { next, lines: lines + 1, stray };
            }
            None => return Parsed::Record { next: at, lines: lines + 1, stray },
        }
    }
}

/// The place after the line end at `at`: `\n`, `\r\n` or `\r`. Nothing if the input is too short to tell.
fn line_end(input: &[u8], at: usize, last: bool) -> Option<usize> {
    if input[at] == b'\n' {
        return Some(at + 1);
    }
    match input.get(at + 1) {
        Some(b'\n') => Some(at + 2),
        None if !last => None,
        _ => Some(at + 1),
    }
}

fn on_one_line(input: &[u8], last: bool, dialect: Dialect, quotes: bool, cells: &mut Cells) -> Parsed {
    cells.clear();
    let (line, next) = match memchr2(b'\n', b'\r', input) {
        Some(end) => match line_end(input, end, last) {
            Some(next) => (&input[..end], next),
            None => return Parsed::NeedMore,
        },
        None if last => (input, input.len()),
        None => return Parsed::NeedMore,
    };
    let mut at = 0;
    loop {
        let opening = dialect.past_blanks(line, at);
        let closing = if quotes && line.get(opening) == Some(&dialect.quote) {
            closing_quote(&line[opening + 1..], dialect).map(|length| opening + 1 + length)
        } else {
            None
        };
        match closing {
            Some(end) => {
                push_unquoted(&line[opening + 1..end], dialect.quote, &mut cells.text);
                at = dialect.past_blanks(line, end + 1);
            }
            None => {
                let end =
                    memchr::memchr(dialect.delimiter, &line[at..]).map_or(line.len(), |found| at + found);
                cells.text.extend_from_slice(&line[at..end]);
                at = end;
            }
        }
        cells.close();
        if at >= line.len() {
            return Parsed::Record { next, lines: 1, stray: true };
        }
        at += 1; // the delimiter
    }
}

/// Where the quote is that closes a cell: one with a delimiter or nothing after it.
fn closing_quote(text: &[u8], dialect: Dialect) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = memchr::memchr(dialect.quote, &text[at..]) {
        let quote = at + found;
        if text.get(quote + 1) == Some(&dialect.quote) {
            at = quote + 2;
            continue;
        }
        match text.get(dialect.past_blanks(text, quote + 1)) {
            Some(&next) if next != dialect.delimiter => at = quote + 1,
            _ => return Some(quote),
        }
    }
    None
}

/// Doubled quotes become one.
fn push_unquoted(text: &[u8], quote: u8, out: &mut Vec<u8>) {
    let mut doubled = false;
    for &byte in text {
        if byte == quote && !doubled {
            doubled = true;
            out.push(byte);
        } else {
            if !(byte == quote && doubled) {
                out.push(byte);
            }
            doubled = false;
        }
    }
}
