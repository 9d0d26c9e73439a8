//! A company's size as the list has it, after a spreadsheet has had its way with it.

use super::values::note;
use crate::identity::{Note, placeholder};

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// `120`, `11-50`; `1,234` without its comma (or point, apostrophe, blank); `Nov-50` and `10-Jan` as the ranges they were. Zero counts as unknown.
pub(super) fn company_size(cell: &str, notes: &mut Vec<&'static str>) -> Option<String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return None;
    }
    if placeholder::is_placeholder(cell) || cell.bytes().all(|b| matches!(b, b'0' | b'.')) {
        note(notes, Note::PlaceholderAsEmpty.code());
        return None;
    }
    if let Some(range) = from_date(cell) {
        note(notes, "company_size_from_date");
        return Some(range);
    }
    if let Some(number) =
        [',', '.', '\'', ' ', '\u{A0}', '\u{202F}'].into_iter().find_map(|mark| ungrouped(cell, mark))
    {
        note(notes, "company_size_cleaned");
        return Some(number);
    }
    Some(cell.to_owned())
}

/// `1,234` without its marks; nothing where they do not set thousands apart. Half a person works nowhere, so `1.234` is
/// as many.
fn ungrouped(cell: &str, mark: char) -> Option<String> {
    let is_grouped = cell.contains(mark)
        && cell.split(mark).enumerate().all(|(place, group)| {
            group.bytes().all(|b| b.is_ascii_digit())
                && if place == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 }
        });
    is_grouped.then(|| cell.replace(mark, ""))
}

/// Excel reads `11-50` as November 1950 and `1-10` as the tenth of January, or the first of October.
fn from_date(cell: &str) -> Option<String> {
    let (first, second) = cell.split_once('-')?;
    let month = |text: &str| {
        let word = text.to_ascii_lowercase();
        MONTHS.iter().position(|month| *month == word).map(|month| month + 1)
    };
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 4);
    match (month(first), number(second), number(first), month(second)) {
        (Some(low), Some(high), _, _) => Some(format!("{low}-{high}")),
        (_, _, Some(high), Some(low)) if high as usize > low => Some(format!("{low}-{high}")),
        (_, _, Some(low), Some(high)) => Some(format!("{low}-{high}")),
        _ => None,
    }
}
