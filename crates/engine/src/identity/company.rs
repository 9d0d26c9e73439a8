//! A company's name as people read it, and the key where a company has no domain. Domains: see `domain`.

use unicode_normalization::UnicodeNormalization;

use super::{placeholder, text};

/// The name as it is shown: blanks squeezed; nothing for an empty cell or a placeholder.
pub fn name(cell: &str) -> Option<String> {
    let name = text::visible(cell);
    (!name.is_empty() && !placeholder::is_placeholder(&name)).then(|| name.into_owned())
}

/// The key of a company known by name only: two spellings that differ in case, width or blanks are one company.
pub fn folded(cell: &str) -> Option<String> {
    // Lower-casing can undo the normal form, and the other way round: `İ`, `ϓ`. Three rounds settle every letter.
    let mut key = name(cell)?;
    for _ in 0..3 {
        key = text::visible(&key.nfkc().collect::<String>().to_lowercase()).into_owned();
    }
    name(&key)
}
