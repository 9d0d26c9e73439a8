//! A person's name: first and last, without titles, degrees, pronouns and pictures, re-cased where it was shouted or
//! mumbled. What the file said stays with the raw row.

mod case;
mod cut;

use super::note::{self, Note};
use super::{mojibake, placeholder};

/// A first and a last name, and what was changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// The given names.
    pub first: Option<String>,
    /// The surname, with its particles.
    pub last: Option<String>,
    /// What was changed beyond trimming.
    pub notes: Vec<Note>,
}

/// Cleans two cells, one for each name.
pub fn clean(first: &str, last: &str) -> Name {
    let mut notes = Vec::new();
    let first = part(first, case::first, &mut notes);
    let last = part(last, case::last, &mut notes);
    Name { first, last, notes }
}

/// Cleans and splits one cell with the whole name: at a comma (`Last, First`), or at the last blank, where particles
/// belong to the surname. Chinese, Japanese and Korean names stay whole, as first name.
pub fn split(full: &str) -> Name {
    let mut notes = Vec::new();
    let Some(full) = usable(full, &mut notes) else { return Name { notes, ..Name::default() } };
    let (first, last) = halves(&full);
    let mut name = clean(&first, &last);
    for found in notes {
        note::add(&mut name.notes, found);
    }
    name
}

fn part(cell: &str, recase: fn(&str) -> String, notes: &mut Vec<Note>) -> Option<String> {
    if is_plain(cell) {
        return Some(cell.to_owned());
    }
    let name = usable(cell, notes)?;
    if notes.contains(&Note::MojibakeSuspected) && mojibake::is_suspected(&name) {
        return Some(name);
    }
    let recased = recase(&name);
    if recased != name {
        note::add(notes, Note::NameRecased);
    }
    Some(recased)
}

/// Whether a cell is one word of a capital and small letters, as most are: there is nothing to cut or to mend.
fn is_plain(cell: &str) -> bool {
    let letters = cell.as_bytes().split_first();
    letters.is_some_and(|(first, rest)| {
        first.is_ascii_uppercase() && !rest.is_empty() && rest.iter().all(u8::is_ascii_lowercase)
    })
}

/// What is left of a cell when all that is no name is cut from it.
fn usable(cell: &str, notes: &mut Vec<Note>) -> Option<String> {
    let shown = cut::composed(cell);
    if shown.is_empty() {
        return None;
    }
    if cut::is_formula(&shown) {
        note::add(notes, Note::FormulaLike);
        return None;
    }
    if placeholder::is_placeholder_name(&shown) {
        note::add(notes, Note::PlaceholderAsEmpty);
        return None;
    }
    if mojibake::is_suspected(&shown) {
        note::add(notes, Note::MojibakeSuspected);
        return Some(shown);
    }
    let name = cut::cut(&shown);
    if name != shown {
        note::add(notes, Note::NameCleaned);
    }
    (!name.is_empty()).then_some(name)
}

fn halves(full: &str) -> (String, String) {
    if let Some((last, first)) = full.split_once(',') {
        return (first.trim().into(), last.trim().into());
    }
    let words: Vec<&str> = full.split(' ').collect();
    if words.len() < 2 || full.chars().any(is_east_asian) {
        return (full.into(), String::new());
    }
    let mut at = words.len() - 1;
    while at > 1 && case::is_particle(words[at - 1]) {
        at -= 1;
    }
    (words[..at].join(" "), words[at..].join(" "))
}

/// Kana, Han and Hangul.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}
