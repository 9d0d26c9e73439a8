//! Files that are no CSV, told by their first bytes.

use super::Refusal;

pub(super) fn refuse(head: &[u8]) -> Option<Refusal> {
    if head.starts_with(b"PK\x03\x04") {
        let has = |name: &[u8]| memchr::memmem::find(head, name).is_some();
        let sheet = has(b"[Content_Types].xml") || has(b"xl/");
        return Some(if sheet { Refusal::Xlsx } else { Refusal::Zip });
    }
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Some(Refusal::Xlsx);
    }
    let known: [&[u8]; 7] =
        [b"%PDF", b"SQLite format", b"PAR1", b"\x7FELF", b"\x89PNG", b"\xFF\xD8\xFF", b"Rar!"];
    if known.iter().any(|magic| head.starts_with(magic)) {
        return Some(Refusal::Binary);
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let start = text[..text.len().min(64)].to_ascii_lowercase();
    if [&b"<!doctype"[..], b"<html", b"<head", b"<body", b"<?xml", b"<!--"]
        .iter()
        .any(|tag| start.starts_with(tag))
    {
        return Some(Refusal::Html);
    }
    let mut rest = start.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
    match (rest.next(), rest.next()) {
        (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b'[' | b'"' | b']')) => {
            Some(Refusal::Json)
        }
        _ => None,
    }
}

/// Text has few control characters.
pub(super) fn is_binary(head: &str) -> bool {
    let odd = head
        .chars()
        .filter(|c| (c.is_control() && !matches!(c, '\0' | '\t' | '\r' | '\n')) || *c == '\u{FFFD}');
    odd.count() * 20 > head.chars().count()
}
