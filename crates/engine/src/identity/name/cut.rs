//! What stands around a name and is none: titles, degrees, pronouns, pictures, formulas.

use unicode_normalization::UnicodeNormalization;

use crate::identity::text;

/// Before a name, with or without a dot.
const TITLES: &[&str] = &[
    "dr",
    "prof",
    "professor",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "sir",
    "dame",
    "herr",
    "frau",
    "mme",
    "mlle",
];

/// Before a name, with a dot only: without one they are names.
const DOTTED_TITLES: &[&str] = &["ing.", "dipl.-ing.", "mag.", "hon.", "rev.", "med.", "sr.", "sra."];

/// After a name, always.
const SUFFIXES: &[&str] = &[
    "jr", "sr", "ii", "iii", "iv", "esq", "phd", "dphil", "md", "mba", "emba", "msc", "bsc", "meng", "beng",
    "llm", "llb", "jd", "cpa", "cfa", "cfp", "caia", "pmp", "cissp", "cisa", "cism", "dds", "dmd", "dvm",
    "mph", "mpa", "edd", "psyd", "pharmd", "phr", "sphr", "shrm-cp", "shrm-scp", "csm", "acca", "fcca",
    "mcipd", "fcipd", "btech", "mtech",
];

/// After a name and a comma, or with dots in them: otherwise they are names (Yo-Yo Ma).
const DOUBTFUL_SUFFIXES: &[&str] = &[
    "ma", "ms", "ba", "bs", "bba", "do", "pe", "med", "mfa", "mres", "hons", "rn", "cia", "cma", "fca",
    "aca", "obe", "mbe", "cbe", "ing", "mag", "pmi", "acp", "leed", "ap", "frsa", "cipd", "rph", "aia",
    "cspo", "psm", "v",
];

const PRONOUNS: &[&str] = &[
    "he", "him", "his", "she", "her", "hers", "they", "them", "theirs", "ze", "zir", "xe", "xem", "it",
    "its", "any", "all", "er", "ihn", "sie", "ihr", "il", "elle", "el", "ella",
];

/// The cell as shown, accents composed.
pub(super) fn composed(cell: &str) -> String {
    text::visible(&cell.nfc().collect::<String>()).into_owned()
}

/// Text that a spreadsheet would compute. `-Ada` is a slip, `-2+3` is not.
pub(super) fn is_formula(text: &str) -> bool {
    let signs = text.strip_prefix('-').is_some_and(|rest| rest.contains(['(', '=', '+', '|']));
    text.chars().any(char::is_alphanumeric) && (text.starts_with(['=', '+', '@']) || signs)
}

/// The name alone; empty if nothing of it is one.
pub(super) fn cut(shown: &str) -> String {
    let before_bar = shown.split('|').next().unwrap_or(shown);
    let name = without_pictures(&without_brackets(before_bar));
    if name.contains('@') || name.contains("://") {
        return String::new();
    }
    let name = without_degrees(&name);
    let words: Vec<&str> = name.split(' ').filter(|word| !is_pronouns(word)).collect();
    let mut words = words.as_slice();
    while let [title, rest @ ..] = words
        && !rest.is_empty()
        && is_title(title)
    {
        words = rest;
    }
    while let [rest @ .., suffix] = words
        && !rest.is_empty()
        && is_suffix(suffix, false)
    {
        words = rest;
    }
    if matches!(words, [title] if title.ends_with('.') && is_title(title)) {
        words = &[];
    }
    let name = words.join(" ");
    name.trim_matches(|c: char| " ,;:\"*_`-–—".contains(c)).to_owned()
}

/// Drops `(He/Him)` and `[she/her]`; a name that is all in brackets loses the brackets only.
fn without_brackets(text: &str) -> String {
    let (mut depth, mut kept) = (0_usize, String::new());
    for c in text.chars() {
        match c {
            '(' | '[' | '{' | '<' | '（' => depth += 1,
            ')' | ']' | '}' | '>' | '）' => {
                depth = depth.saturating_sub(1);
                kept.push(' ');
            }
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    if kept.chars().any(char::is_alphabetic) {
        kept
    } else {
        text.replace(['(', ')', '[', ']', '{', '}', '<', '>'], " ")
    }
}

/// Drops pictures, and with them the joiners that make one picture of several. Alone, a joiner is part of a word.
fn without_pictures(text: &str) -> String {
    if text.chars().any(is_picture) {
        text::squeeze(text.chars().filter(|&c| !is_picture(c) && c != '\u{200D}'))
    } else {
        text::squeeze(text.chars())
    }
}

/// Drops the segments after a comma that are degrees. Others stay: they may be the first name.
fn without_degrees(name: &str) -> String {
    let mut segments = name.split(',').map(str::trim).filter(|segment| !segment.is_empty());
    let first = segments.next().unwrap_or_default();
    let is_degrees = |segment: &str| segment.split([' ', '/']).all(|word| is_suffix(word, true));
    segments
        .filter(|segment| !is_degrees(segment))
        .fold(first.to_owned(), |name, segment| name + ", " + segment)
}

fn is_title(word: &str) -> bool {
    let lower = word.to_lowercase();
    TITLES.contains(&lower.trim_end_matches('.')) || DOTTED_TITLES.contains(&lower.as_str())
}

fn is_suffix(word: &str, after_comma: bool) -> bool {
    let lower = word.to_lowercase();
    let letters = lower.replace(['.', ',', '®', '™'], "");
    let dotted = lower.trim_end_matches('.').contains('.');
    SUFFIXES.contains(&letters.as_str())
        || ((after_comma || (dotted && letters.len() > 1)) && DOUBTFUL_SUFFIXES.contains(&letters.as_str()))
}

fn is_pronouns(word: &str) -> bool {
    let lower = word.to_lowercase();
    lower.contains('/') && lower.split('/').all(|part| PRONOUNS.contains(&part))
}

/// Emoji, arrows, boxes and dingbats, with what colours them.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{23FF}' | '\u{2460}'..='\u{27BF}' | '\u{2900}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{20E3}' | '\u{E0020}'..='\u{E007F}')
}
