//! What commands print: text for people, one JSON document for programs, notes on standard error.

use std::io::{IsTerminal, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::config::Global;

pub(crate) use engine::words::{excerpt, plain, words};

/// Prints to standard output; a reader that has gone (`| head`) is no error.
pub(crate) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
}

/// Prints one JSON document.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    print(&serde_json::to_string_pretty(value)?);
    Ok(())
}

/// Something to know that is not the answer: to standard error, and not where a program listens.
pub(crate) fn note(global: &Global, text: &str) {
    if !global.json {
        aside(text);
    }
}

/// A line on standard error; a reader that has gone is no error there either.
pub(crate) fn aside(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Whether a person reads standard output.
pub(crate) fn is_on_a_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether a person watches standard error.
pub(crate) fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}

/// An instant in the reader's zone.
pub(crate) fn instant(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// How long ago, roughly.
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second() - at.as_second();
    match seconds {
        ..60 => "just now".into(),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..172_800 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

/// How long something lasted, roughly.
pub(crate) fn long(time: jiff::SignedDuration) -> String {
    match time.as_secs() {
        ..60 => "less than a minute".into(),
        seconds @ 60..3600 => format!("{} min", seconds / 60),
        seconds @ 3600..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

/// How long until then, roughly.
pub(crate) fn soon(at: Timestamp, now: Timestamp) -> String {
    let seconds = (at.as_second() - now.as_second()).max(0);
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{} h", (seconds + 1800) / 3600),
    }
}

/// A number with separators between thousands.
pub(crate) fn count(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or_default().to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How to go on behind a page, below its table; nothing where it was the last.
pub(crate) fn more(next: Option<impl std::fmt::Display>) -> String {
    next.map(|next| format!("\n\nmore: --after {next}")).unwrap_or_default()
}

/// Columns padded to their widest cell; the last one is left as it is.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(i, cell)| {
                if i + 1 == row.len() {
                    cell.clone()
                } else {
                    // By what a terminal shows: a name in Chinese is twice as wide as its letters are many.
                    format!("{cell}{}", " ".repeat(widths[i] - cell.width()))
                }
            })
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_easy_to_read() {
        assert_eq!(count(1_234_567_u64), "1,234,567");
    }

    #[test]
    fn columns_line_up_in_every_script() {
        let rows = [["美咲 田中", "a"], ["Ingrid", "b"], ["Zoe\u{308}", "c"]]
            .map(|row| row.map(String::from).to_vec());
        assert_eq!(table(&rows), "美咲 田中  a\nIngrid     b\nZoe\u{308}        c");
    }
}
