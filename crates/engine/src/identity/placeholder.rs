//! The many spellings of "nothing": `N/A`, `-`, `(blank)`, `#REF!`.

use super::text;

const WORDS: &[&str] = &[
    "n/a",
    "n.a.",
    "n.a",
    "n\\a",
    "na",
    "null",
    "nil",
    "none",
    "nan",
    "undefined",
    "unknown",
    "tbd",
    "tba",
    "not available",
    "not applicable",
    "not provided",
    "not specified",
    "not set",
    "no data",
    "no value",
    "no website",
    "no email",
    "no company",
];

/// What a spreadsheet shows instead of a value.
const SPREADSHEET_ERRORS: &[&str] =
    &["#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "#error!"];

/// More letters and digits than any of the words has.
const MORE_THAN_ANY_WORD: usize = 16;

/// Whether a cell that is not empty says "nothing", where the value is no person's name.
pub fn is_placeholder(cell: &str) -> bool {
    if cell.bytes().filter(u8::is_ascii_alphanumeric).nth(MORE_THAN_ANY_WORD).is_some() {
        return false; // the common case, and asked for nearly every cell
    }
    let text = text::visible(cell).to_lowercase();
    says_nothing(&text) || WORDS.contains(&text.as_str())
}

/// Whether a cell that is not empty says "nothing" where a person's name belongs. Null, Na and None are surnames.
pub fn is_placeholder_name(cell: &str) -> bool {
    let text = text::visible(cell).to_lowercase();
    says_nothing(&text) || matches!(text.as_str(), "n/a" | "n.a." | "n\\a")
}

fn says_nothing(text: &str) -> bool {
    !text.is_empty()
        && (!text.chars().any(char::is_alphanumeric)
            || SPREADSHEET_ERRORS.contains(&text)
            || bracketed(text)
                .is_some_and(|inner| WORDS.contains(&inner) || matches!(inner, "blank" | "empty")))
}

fn bracketed(text: &str) -> Option<&str> {
    [('(', ')'), ('[', ']'), ('<', '>'), ('{', '}')]
        .iter()
        .find_map(|&(open, close)| text.strip_prefix(open)?.strip_suffix(close))
        .map(str::trim)
}
