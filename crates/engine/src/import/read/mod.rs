//! Records with their physical line numbers, whatever the quoting: damage stays with the row that has it. Leaves
//! letters to `decode`, columns and meaning to the rooms after it.

mod decode;
#[cfg(test)]
mod fuzz;
mod parse;
mod record;
mod window;

use std::io::{self, Read};

pub(super) use decode::decoder;
pub use parse::Dialect;
use parse::{Cells, Mode, Parsed, parse};
pub(super) use record::{Damage, Record};
use window::Window;

/// The largest record, in bytes.
pub const MOST_RECORD_BYTES: usize = 4 * 1024 * 1024;
/// The largest cell, in bytes.
pub const MOST_CELL_BYTES: usize = 1024 * 1024;

/// Reads records from UTF-8, or what claims to be.
pub(super) struct Reader<R> {
    window: Window<R>,
    dialect: Dialect,
    /// Cells a record should have, once the header is known.
    width: Option<usize>,
    line: u64,
    cells: Cells,
    second: Cells,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(source: R, dialect: Dialect) -> Self {
        Self::over(Window::new(source), dialect)
    }

    #[cfg(test)]
    fn in_steps(source: R, dialect: Dialect, step: usize) -> Self {
        Self::over(Window::in_steps(source, step), dialect)
    }

    fn over(window: Window<R>, dialect: Dialect) -> Self {
        let (cells, second) = Default::default();
        Self { window, dialect, width: None, line: 1, cells, second }
    }

    /// The header is known: records of another width are suspected of damage.
    pub(super) fn expect(&mut self, width: usize) {
        self.width = Some(width);
    }

    /// Where the next record starts: bytes, and physical line.
    pub(super) fn position(&self) -> (u64, u64) {
        (self.window.passed(), self.line)
    }

    /// Goes on at a place that [`Reader::position`] once named.
    pub(super) fn skip_to(&mut self, (bytes, line): (u64, u64)) -> io::Result<()> {
        while self.window.passed() < bytes {
            if self.window.bytes().is_empty() {
                if self.window.is_last() {
                    break;
                }
                self.window.fill()?;
            }
            let wanted = usize::try_from(bytes - self.window.passed()).unwrap_or(usize::MAX);
            self.window.advance(wanted.min(self.window.bytes().len()));
        }
        self.line = line;
        Ok(())
    }

    /// The next record, empty lines included; nothing at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Record>> {
        loop {
            if self.window.bytes().is_empty() && self.window.is_last() {
                return Ok(None);
            }
            let parsed = self.parse(Mode::Standard);
            match parsed {
                Parsed::NeedMore if self.window.bytes().len() <= MOST_RECORD_BYTES => self.window.fill()?,
                Parsed::Record { next, .. } if next > MOST_RECORD_BYTES => return self.runaway(),
                Parsed::NeedMore | Parsed::Runaway => return self.runaway(),
                Parsed::Record { next, lines, stray } => return self.sound(next, lines, stray),
            }
        }
    }

    fn parse(&mut self, mode: Mode) -> Parsed {
        parse(self.window.bytes(), self.window.is_last(), self.dialect, mode, &mut self.cells)
    }

    /// Reads the same bytes in another way and keeps it if the width is the header's.
    fn fits(&mut self, mode: Mode) -> io::Result<Option<Parsed>> {
        let parsed = loop {
            let last = self.window.is_last();
            match parse(self.window.bytes(), last, self.dialect, mode, &mut self.second) {
                // Read so, the record may go on where the first reading had ended.
                Parsed::NeedMore if self.window.bytes().len() <= MOST_RECORD_BYTES => self.window.fill()?,
                parsed => break parsed,
            }
        };
        let fits = matches!(parsed, Parsed::Record { .. }) && Some(self.second.len()) == self.width;
        Ok(fits.then(|| {
            std::mem::swap(&mut self.cells, &mut self.second);
            parsed
        }))
    }

    /// A record that closes. One that spans lines and does not fit the header may have swallowed others.
    fn sound(&mut self, next: usize, lines: u64, stray: bool) -> io::Result<Option<Record>> {
        let fits = self.width.is_none_or(|width| width == self.cells.len());
        let damage = if stray { Damage::StrayQuote } else { Damage::None };
        if (fits && (lines == 1 || !stray)) || self.width.is_none() {
            return Ok(Some(self.take(next, lines, damage)));
        }
        let escaped =
            memchr::memmem::find(&self.window.bytes()[..next], &[b'\\', self.dialect.quote]).is_some();
        if escaped && let Some(Parsed::Record { next, lines, .. }) = self.fits(Mode::Backslash)? {
            return Ok(Some(self.take(next, lines, Damage::StrayQuote)));
        }
        if lines == 1 {
            if stray && let Some(Parsed::Record { next, lines, .. }) = self.literally()? {
                return Ok(Some(self.take(next, lines, Damage::StrayQuote)));
            }
            return Ok(Some(self.take(next, lines, damage)));
        }
        if let Some(Parsed::Record { next, lines, .. }) = self.literally()? {
            return Ok(Some(self.take(next, lines, Damage::Resynced)));
        }
        if self.swallowed_a_record(next) {
            return self.runaway();
        }
        Ok(Some(self.take(next, lines, damage)))
    }

    /// The first line alone, if that fits the header.
    fn literally(&mut self) -> io::Result<Option<Parsed>> {
        Ok(match self.fits(Mode::Bounded)? {
            None => self.fits(Mode::Literal)?,
            found => found,
        })
    }

    /// Whether a line within the bytes up to `next` is a whole record by itself.
    fn swallowed_a_record(&mut self, next: usize) -> bool {
        let bytes = &self.window.bytes()[..next];
        let mut at = 0;
        for _ in 0..5 {
            let parsed = parse(&bytes[at..], true, self.dialect, Mode::Literal, &mut self.second);
            let Parsed::Record { next: end, .. } = parsed else { return false };
            at += end;
            if at >= bytes.len() {
                return false;
            }
            parse(&bytes[at..], true, self.dialect, Mode::Bounded, &mut self.second);
            if Some(self.second.len()) == self.width && self.second.len() > 1 {
                return true;
            }
        }
        false
    }

    /// A quote that runs away: only the line that has it suffers.
    fn runaway(&mut self) -> io::Result<Option<Record>> {
        if let Some(Parsed::Record { next, lines, .. }) = self.literally()? {
            return Ok(Some(self.take(next, lines, Damage::Resynced)));
        }
        match self.parse(Mode::Bounded) {
            Parsed::Record { next, lines, .. } if next <= MOST_RECORD_BYTES => {
                let fits = self.width.is_none_or(|width| width == self.cells.len());
                Ok(Some(self.take(next, lines, if fits { Damage::Resynced } else { Damage::Unterminated })))
            }
            _ => self.too_large(),
        }
    }

    /// Passes over one line that is larger than a record may be.
    fn too_large(&mut self) -> io::Result<Option<Record>> {
        let line = self.line;
        loop {
            let bytes = self.window.bytes();
            match memchr::memchr2(b'\n', b'\r', bytes) {
                Some(at) if at + 1 < bytes.len() || self.window.is_last() => {
                    let crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
                    self.window.advance(at + 1 + usize::from(crlf));
                    break;
                }
                Some(at) => {
                    self.window.advance(at);
                    self.window.fill()?;
                }
                None => {
                    let all = bytes.len();
                    self.window.advance(all);
                    if self.window.is_last() {
                        break;
                    }
                    self.window.fill()?;
                }
            }
        }
        self.line += 1;
        Ok(Some(Record::too_large(line)))
    }

    fn take(&mut self, next: usize, lines: u64, damage: Damage) -> Record {
        let damage = if self.cells.longest() > MOST_CELL_BYTES { Damage::CellTooLarge } else { damage };
        let record = Record::new(self.cells.take(), self.line, damage);
        self.window.advance(next);
        self.line += lines;
        record
    }
}
