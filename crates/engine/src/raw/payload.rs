//! One record's payload as received, and a form of it that JSONB can hold.
//! Leaves what the fields mean to `fields` and the vendors.
//!
//! JSONB refuses `\u0000` and lone surrogates, drops repeated keys and cannot hold numbers beyond its range. Where
//! a payload has any of these, the original bytes are kept beside a readable rendering; otherwise the text is
//! stored as it came.

use sha2::{Digest, Sha256};

/// Nesting past this is kept as bytes; JSONB itself ends at the server's stack depth.
const MAX_DEPTH: usize = 500;
/// Decimal exponents past this are kept as bytes; JSONB's numeric ends at 131,072 digits before the point and
/// 16,383 after it, to which digits and exponent both count.
const MAX_EXPONENT: u32 = 8_000;
/// Digits past this are kept as bytes, for the same reason.
const MAX_DIGITS: usize = 8_000;

/// A payload ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// JSON text that JSONB accepts.
    pub json: String,
    /// The bytes as received, where `json` is not equal to them.
    pub original: Option<Vec<u8>>,
    /// SHA-256 of the bytes as received.
    pub sha256: [u8; 32],
}

impl Payload {
    /// Takes one JSON value, already known to be well-formed.
    pub fn new(received: &str) -> Self {
        let sha256 = Sha256::digest(received.as_bytes()).into();
        let mut render = Render::new(received);
        render.walk();
        if render.holds_as_is {
            Self { json: received.to_owned(), original: None, sha256 }
        } else {
            Self { json: render.finish(), original: Some(received.as_bytes().to_vec()), sha256 }
        }
    }
}

/// One open object or array. Keys are kept raw (as written), to find repeated ones.
struct Level<'a> {
    keys: Option<Keys<'a>>,
    expects_key: bool,
}

/// Keys of one object: a list while there are few, a set when there are many.
enum Keys<'a> {
    /// `escaped`: any of them is written with escapes.
    Few {
        keys: Vec<&'a str>,
        escaped: bool,
    },
    Many(std::collections::HashSet<String>),
}

impl<'a> Keys<'a> {
    /// Whether the key was there before. Keys written with escapes compare by what they spell.
    fn insert(&mut self, key: &'a str) -> bool {
        match self {
            Self::Few { keys, escaped } if keys.len() < 64 => {
                *escaped |= key.contains('\\');
                let repeated = match escaped {
                    true => keys.iter().any(|k| spell(k) == spell(key)),
                    false => keys.contains(&key),
                };
                keys.push(key);
                repeated
            }
            Self::Few { keys, .. } => {
                let mut many: std::collections::HashSet<String> = keys.iter().map(|k| spell(k)).collect();
                let repeated = !many.insert(spell(key));
                *self = Self::Many(many);
                repeated
            }
            Self::Many(keys) => !keys.insert(spell(key)),
        }
    }
}

/// What a raw key spells once its escapes are read.
fn spell(raw: &str) -> String {
    if raw.contains('\\') {
        serde_json::from_str(&format!("\"{raw}\"")).unwrap_or_else(|_| raw.to_owned())
    } else {
        raw.to_owned()
    }
}

/// One pass over the text. While nothing is wrong it copies nothing; at the first thing JSONB cannot hold it starts
/// a rendering and goes on from there.
struct Render<'a> {
    text: &'a str,
    at: usize,
    /// Everything before this is in `out` already.
    copied: usize,
    out: String,
    holds_as_is: bool,
    levels: Vec<Level<'a>>,
}

impl<'a> Render<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, copied: 0, out: String::new(), holds_as_is: true, levels: Vec::new() }
    }

    fn walk(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'"' => self.string(),
                b'{' | b'[' => self.open(byte == b'{'),
                b'}' | b']' => {
                    self.levels.pop();
                    self.at += 1;
                }
                b',' => {
                    if let Some(level) = self.levels.last_mut() {
                        level.expects_key = level.keys.is_some();
                    }
                    self.at += 1;
                }
                b'-' | b'0'..=b'9' => self.number(),
                _ => self.at += 1,
            }
        }
    }

    fn finish(mut self) -> String {
        self.out.push_str(&self.text[self.copied..]);
        self.out
    }

    /// Puts `replacement` where the text has `from..to`.
    fn replace(&mut self, from: usize, to: usize, replacement: &str) {
        self.holds_as_is = false;
        self.out.push_str(&self.text[self.copied..from]);
        self.out.push_str(replacement);
        self.copied = to;
    }

    fn open(&mut self, is_object: bool) {
        if self.levels.len() >= MAX_DEPTH {
            let from = self.at;
            self.skip_container();
            self.replace(from, self.at, "\"… nested too deep for JSONB, see raw_bytes\"");
            return;
        }
        let keys = is_object.then(|| Keys::Few { keys: Vec::new(), escaped: false });
        self.levels.push(Level { expects_key: is_object, keys });
        self.at += 1;
    }

    /// Moves past a whole object or array without looking inside.
    fn skip_container(&mut self) {
        let bytes = self.text.as_bytes();
        let mut depth = 0usize;
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.at = self.string_end(self.at + 1);
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    /// Index just past the closing quote of the string whose content starts at `from`.
    fn string_end(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at..]) {
            at += found;
            if bytes[at] == b'"' {
                return at + 1;
            }
            at += 2;
        }
        bytes.len()
    }

    fn string(&mut self) {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let mut at = start;
        while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at..]) {
            at += found;
            if bytes[at] == b'"' {
                break;
            }
            at = if bytes.get(at + 1) == Some(&b'u') { self.unicode_escape(at) } else { at + 2 };
        }
        self.at = (at + 1).min(bytes.len());
        let text = self.text;
        if let Some(level) = self.levels.last_mut()
            && level.expects_key
            && let Some(keys) = &mut level.keys
        {
            level.expects_key = false;
            if keys.insert(&text[start..at]) {
                self.holds_as_is = false;
            }
        }
    }

    /// Looks at `\uXXXX` at `at`; returns where to go on.
    fn unicode_escape(&mut self, at: usize) -> usize {
        let unit = |from: usize| {
            self.text
                .get(from..from + 6)
                .filter(|s| s.starts_with("\\u"))
                .and_then(|s| u16::from_str_radix(&s[2..], 16).ok())
        };
        match unit(at) {
            Some(0xD800..=0xDBFF) if matches!(unit(at + 6), Some(0xDC00..=0xDFFF)) => at + 12,
            Some(0x0000 | 0xD800..=0xDFFF) => {
                self.replace(at, at + 6, "\u{FFFD}");
                at + 6
            }
            _ => at + 6,
        }
    }

    fn number(&mut self) {
        let rest = &self.text[self.at..];
        let length =
            rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        let number = &rest[..length];
        let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        let exponent = exponent.trim_start_matches(['+', '-']).parse::<u32>().unwrap_or(u32::MAX);
        if digits.len() > MAX_DIGITS || exponent > MAX_EXPONENT {
            self.replace(self.at, self.at + length, &format!("\"{number}\""));
        }
        self.at += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_is(text: &str) {
        let payload = Payload::new(text);
        assert_eq!(payload.json, text);
        assert_eq!(payload.original, None);
    }

    fn rendered(text: &str, expected: &str) {
        let payload = Payload::new(text);
        assert_eq!(payload.json, expected);
        assert_eq!(payload.original.as_deref(), Some(text.as_bytes()));
    }

    #[test]
    fn what_jsonb_can_hold_is_stored_as_it_came() {
        as_is(r#"{"a": 1.50, "b": [true, null, "x\ny"], "c": {"a": "\ud83d\ude00"}, "d": 1e400}"#);
        as_is(r#"{"path": "C:\\u0000", "q": "\\\\u0000"}"#);
        as_is(r#"{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}"#);
    }

    #[test]
    fn nul_and_lone_surrogates_are_rendered_and_the_bytes_kept() {
        rendered(r#"{"t": "a\u0000b"}"#, "{\"t\": \"a\u{FFFD}b\"}");
        rendered(r#"["\ud800x", "\udc00", "\\\u0000"]"#, "[\"\u{FFFD}x\", \"\u{FFFD}\", \"\\\\\u{FFFD}\"]");
        rendered(r#"{"\u0000": 1}"#, "{\"\u{FFFD}\": 1}");
    }

    #[test]
    fn repeated_keys_keep_the_bytes() {
        let text = r#"{"a": 1, "b": {"x": 1, "x": 2}}"#;
        rendered(text, text);
        let escaped = r#"{"a": 1, "\u0061": 2}"#;
        rendered(escaped, escaped);
        let many: Vec<String> = (0..200).map(|i| format!("\"k{i}\": {i}")).collect();
        as_is(&format!("{{{}}}", many.join(", ")));
        let repeated = format!("{{{}, \"k7\": 1}}", many.join(", "));
        rendered(&repeated, &repeated);
    }

    #[test]
    fn numbers_and_depth_beyond_jsonb_are_rendered() {
        rendered("[1e999999]", r#"["1e999999"]"#);
        let deep = format!("{}{}", "[".repeat(2000), "]".repeat(2000));
        let payload = Payload::new(&deep);
        assert_eq!(payload.original.as_deref(), Some(deep.as_bytes()));
        assert!(payload.json.contains("nested too deep"));
    }
}
