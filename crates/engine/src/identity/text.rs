//! What a cell shows to the eye: without invisible characters, each run of blanks one space.

use std::borrow::Cow;

/// The cell without invisible characters, blanks squeezed and trimmed. Joiners stay: Persian and Indic names need them.
pub(super) fn visible(cell: &str) -> Cow<'_, str> {
    if is_tidy(cell) {
        return cell.into();
    }
    squeeze(cell.chars().filter(|&c| !is_invisible(c))).into()
}

/// [`visible`] without joiners, for what is typed in Latin letters: addresses, hosts, links.
pub(super) fn plain(cell: &str) -> Cow<'_, str> {
    if is_tidy(cell) {
        return cell.into();
    }
    squeeze(cell.chars().filter(|&c| !is_invisible(c) && !is_joiner(c))).into()
}

/// Whether there is nothing to do: printable ASCII with single spaces inside. Nearly every cell is.
fn is_tidy(cell: &str) -> bool {
    let mut before = b' ';
    for &byte in cell.as_bytes() {
        if !(byte.is_ascii_graphic() || (byte == b' ' && before != b' ')) {
            return false;
        }
        before = byte;
    }
    before != b' ' || cell.is_empty()
}

/// The text with each backslash a slash, as links are written.
pub(super) fn with_slashes(text: &str) -> Cow<'_, str> {
    if text.contains('\\') { text.replace('\\', "/").into() } else { text.into() }
}

/// Each run of blanks as one space, none at the ends.
pub(super) fn squeeze(characters: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in characters {
        if is_blank(c) {
            gap = !out.is_empty();
        } else {
            if gap {
                out.push(' ');
                gap = false;
            }
            out.push(c);
        }
    }
    out
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{2800}' | '\u{3164}')
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Control characters, byte-order marks, soft hyphens, zero-width spaces, direction marks.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}
