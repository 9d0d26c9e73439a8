//! Single values that `identity` has no rule for.

use crate::import::read::Record;

/// Adds a code once.
pub(super) fn note(notes: &mut Vec<&'static str>, code: &'static str) {
    if !notes.contains(&code) {
        notes.push(code);
    }
}

/// The first cell of some columns that has anything in it.
pub(super) fn first<'a>(record: &'a Record, columns: &[usize]) -> &'a str {
    columns.iter().map(|&index| record.cell(index)).find(|cell| !cell.trim().is_empty()).unwrap_or("")
}

/// A phone as given, without the apostrophe that keeps spreadsheets from computing it; nothing where one did.
pub(super) fn phone(cell: &str) -> Option<String> {
    let phone = cell.trim_start_matches('\'').trim();
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    let computed = phone.bytes().any(|b| matches!(b, b'E' | b'e'))
        && phone.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'E' | b'e' | b'.' | b'+' | b'-' | b','));
    (digits >= 5 && phone.len() <= 100 && !computed).then(|| phone.to_owned())
}

/// Digits of a phone, for comparing.
pub(super) fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// Seniority in the spelling of Apollo's API: `C suite` is `c_suite`.
pub(super) fn seniority(text: &str) -> String {
    text.to_lowercase().split([' ', '-', '_']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}

/// Text that a spreadsheet would compute.
pub(super) fn is_formula(text: &str) -> bool {
    let signs = text.strip_prefix('-').is_some_and(|rest| rest.contains(['(', '=', '+', '|']));
    text.chars().any(char::is_alphanumeric) && (text.starts_with(['=', '+', '@']) || signs)
}
