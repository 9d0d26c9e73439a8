//! What a file is, from its first megabyte: encoding, delimiter, quotes, what stands before the header, the header.
//! Leaves what the columns mean to `map`.

mod dialect;
pub(super) mod encoding;
mod magic;
mod refusal;

pub(super) use dialect::SPACE_BEFORE_QUOTES;
pub use refusal::Refusal;

use super::read::{Dialect, Record};

/// How much of a file is looked at.
pub const HEAD_BYTES: usize = 1024 * 1024;
/// The most columns.
pub const MOST_COLUMNS: usize = 1024;

/// A file that can be read.
#[derive(Debug, Clone)]
pub(super) struct Sniffed {
    pub(super) encoding: &'static str,
    pub(super) dialect: Dialect,
    pub(super) header: Record,
    /// Records after the header, at most a hundred.
    pub(super) sample: Vec<Record>,
    /// Findings about the whole file, as codes.
    pub(super) notes: Vec<&'static str>,
}

/// A file that cannot, and what is known of it all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) refusal: Refusal,
    pub(super) encoding: Option<&'static str>,
    pub(super) delimiter: Option<u8>,
}

/// Looks at the head of a file. `whole`: there is nothing after it.
pub(super) fn sniff(head: &[u8], whole: bool) -> Result<Sniffed, Refused> {
    let refused = |refusal, encoding, delimiter| Refused { refusal, encoding, delimiter };
    if head.is_empty() {
        return Err(refused(Refusal::Empty, None, None));
    }
    if let Some(refusal) = magic::refuse(head) {
        let text = matches!(refusal, Refusal::Html | Refusal::Json);
        return Err(refused(refusal, text.then(|| encoding::detect(head, whole).name), None));
    }
    let found = encoding::detect(head, whole);
    let (text, _, _) = found.encoding.decode(head);
    if magic::is_binary(text.get(..text.floor_char_boundary(8192)).unwrap_or_default()) {
        return Err(refused(Refusal::Binary, None, None));
    }
    if text.trim().is_empty() {
        return Err(refused(Refusal::Empty, Some(found.name), None));
    }
    // UTF-8 stays as it is: a record that breaks it is mended alone.
    let bytes = match (found.encoding == encoding_rs::UTF_8, head.strip_prefix(b"\xEF\xBB\xBF")) {
        (true, bare) => bare.unwrap_or(head),
        (false, _) => text.as_bytes(),
    };
    let mut sniffed = dialect::find(bytes, whole)
        .map_err(|(refusal, delimiter)| refused(refusal, Some(found.name), Some(delimiter)))?;
    sniffed.encoding = found.name;
    if found.guessed {
        sniffed.notes.insert(0, "encoding_guessed");
    }
    Ok(sniffed)
}
