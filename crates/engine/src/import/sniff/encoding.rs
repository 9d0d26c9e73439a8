//! Which encoding a file is in, from its first bytes.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// An encoding, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) struct Found {
    pub(in crate::import) encoding: &'static Encoding,
    /// As reports spell it.
    pub(in crate::import) name: &'static str,
    pub(in crate::import) guessed: bool,
}

pub(in crate::import) fn detect(head: &[u8], whole: bool) -> Found {
    let sure = |encoding, name| Found { encoding, name, guessed: false };
    let guess = |encoding, name| Found { encoding, name, guessed: true };
    if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
        return sure(UTF_8, "utf-8-bom");
    }
    if head.starts_with(&[0xFF, 0xFE]) {
        return sure(UTF_16LE, "utf-16le");
    }
    if head.starts_with(&[0xFE, 0xFF]) {
        return sure(UTF_16BE, "utf-16be");
    }
    match nul_pattern(&head[..head.len().min(4096)]) {
        Some(Half::Odd) => return guess(UTF_16LE, "utf-16le"),
        Some(Half::Even) => return guess(UTF_16BE, "utf-16be"),
        None => {}
    }
    let (mut good, mut bad) = (0, 0);
    let end = if whole { head.len() } else { memchr::memrchr(b'\n', head).unwrap_or(head.len()) };
    for line in head[..end].split(|byte| *byte == b'\n' || *byte == b'\r') {
        match std::str::from_utf8(line) {
            Ok(text) if text.is_ascii() => {}
            Ok(_) => good += 1,
            Err(error) if !whole && end == head.len() && error.error_len().is_none() => {} // cut off
            Err(_) => bad += 1,
        }
    }
    if bad == 0 || good >= bad {
        return sure(UTF_8, "utf-8");
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(&head[..end], true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Deny);
    let encoding = if encoding == UTF_8 { WINDOWS_1252 } else { encoding };
    guess(encoding, name(encoding))
}

/// The name in lower case, as reports spell it.
fn name(encoding: &'static Encoding) -> &'static str {
    match encoding.name() {
        "windows-1252" => "windows-1252",
        "windows-1250" => "windows-1250",
        "windows-1251" => "windows-1251",
        "Shift_JIS" => "shift_jis",
        "Big5" => "big5",
        "EUC-JP" => "euc-jp",
        "EUC-KR" => "euc-kr",
        "GBK" => "gbk",
        other => other,
    }
}

/// The encoding a report's name stands for.
pub(in crate::import) fn named(name: &str) -> &'static Encoding {
    let label = name.strip_suffix("-bom").unwrap_or(name);
    Encoding::for_label(label.as_bytes()).unwrap_or(UTF_8)
}

enum Half {
    Odd,
    Even,
}

/// Latin letters in UTF-16 have a NUL in every second byte.
fn nul_pattern(head: &[u8]) -> Option<Half> {
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let nuls = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    if odd * 2 > pairs && even * 10 < pairs {
        Some(Half::Odd)
    } else if even * 2 > pairs && odd * 10 < pairs {
        Some(Half::Even)
    } else {
        None
    }
}
