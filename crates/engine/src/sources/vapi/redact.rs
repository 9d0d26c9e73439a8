//! Blacks out what must not be kept: keys of telephony providers, secrets of webhooks, the addresses by which a running
//! call can be listened to and steered, and signed addresses of recordings (they also differ with each answer, so a
//! retry without them is the same bytes). Source: the fact sheet, 3, 3.1 and 5.
//!
//! Works on bytes and needs no sound JSON: a body that breaks off, or is none, is looked through as far as it reads like
//! JSON. What is not redacted comes out byte for byte.

/// Names of fields, without case and punctuation, whose value is never kept.
const SECRET: &[&str] = &[
    "token",
    "secret",
    "password",
    "passphrase",
    "authorization",
    "headers",
    "credential",
    "credentials",
    "authenticationplan",
    "serverurl",
    "serverurlsecret",
    "xvapisecret",
    "listenurl",
    "controlurl",
];
const SECRET_ENDINGS: &[&str] = &[
    "authtoken",
    "accesstoken",
    "refreshtoken",
    "bearertoken",
    "sessiontoken",
    "apikey",
    "apisecret",
    "secretkey",
    "accesskey",
    "privatekey",
    "clientsecret",
    "signingsecret",
    "webhooksecret",
    "password",
];
const SECRET_BEGINNINGS: &[&str] = &["presigned"];
/// Within a field of this name, `url` is one: it may hold the secret of the path.
const SERVER: &str = "server";

const BLACK: &[u8] = b"\"[redacted]\"";
/// JSON within strings within JSON is followed so far.
const DEEPEST: usize = 4;

/// The bytes without secrets.
pub fn redact(bytes: &[u8]) -> Vec<u8> {
    Scan { bytes, at: 0, out: Vec::with_capacity(bytes.len()), within: Vec::new(), key: Key::None, depth: 0 }
        .run()
}

/// What is known of the field whose value comes next, or of the container one is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    None,
    Server,
    Secret,
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    out: Vec<u8>,
    /// Containers that are open: by the field that holds them, and whether they are lists.
    within: Vec<(Key, bool)>,
    key: Key,
    depth: usize,
}

impl Scan<'_> {
    fn run(mut self) -> Vec<u8> {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => self.string(),
                b'{' | b'[' if self.key == Key::Secret => {
                    self.at = self.past_container();
                    self.black();
                }
                b'{' | b'[' => {
                    // What is in a list belongs to the field that holds the list.
                    let key = match self.within.last() {
                        Some((of_list, true)) => *of_list,
                        _ => self.key,
                    };
                    self.within.push((key, byte == b'['));
                    self.key = Key::None;
                    self.copy(self.at + 1);
                }
                b'}' | b']' => {
                    self.within.pop();
                    self.key = Key::None;
                    self.copy(self.at + 1);
                }
                b',' => {
                    self.key = Key::None;
                    self.copy(self.at + 1);
                }
                b if b.is_ascii_whitespace() || b == b':' => self.copy(self.at + 1),
                _ => self.scalar(),
            }
        }
        self.out
    }

    /// A key or a value.
    fn string(&mut self) {
        let end = past_string(self.bytes, self.at);
        let after = self.bytes[end..]
            .iter()
            .position(|b| !b.is_ascii_whitespace())
            .map(|skip| self.bytes[end + skip]);
        let is_key = after == Some(b':') && self.key == Key::None;
        if is_key {
            let spelled = unescaped(&self.bytes[self.at..end]);
            self.key = self.meaning(&spelled);
            self.copy(end);
        } else if self.key == Key::Secret {
            self.at = end;
            self.black();
        } else {
            match self.nested(end) {
                Some(inner) => {
                    self.out.extend_from_slice(&inner);
                    self.at = end;
                }
                None => self.copy(end),
            }
            self.key = Key::None;
        }
    }

    /// JSON within a string, redacted; None where there is none, or nothing to redact.
    fn nested(&self, end: usize) -> Option<Vec<u8>> {
        let quoted = &self.bytes[self.at..end];
        let opens = quoted[1..].iter().find(|b| !b.is_ascii_whitespace());
        if self.depth >= DEEPEST || !matches!(opens, Some(b'{' | b'[')) {
            return None;
        }
        let text: String = serde_json::from_slice(quoted).ok()?;
        let inner = Scan {
            bytes: text.as_bytes(),
            at: 0,
            out: Vec::with_capacity(text.len()),
            within: Vec::new(),
            key: Key::None,
            depth: self.depth + 1,
        }
        .run();
        if inner == text.as_bytes() {
            return None;
        }
        serde_json::to_vec(&String::from_utf8(inner).ok()?).ok()
    }

    /// A number, a flag, null, or what is no JSON.
    fn scalar(&mut self) {
        let ends = |b: &u8| matches!(b, b',' | b'}' | b']' | b'"' | b'{' | b'[') || b.is_ascii_whitespace();
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(ends).unwrap_or(rest.len()).max(1);
        if self.key == Key::Secret && &rest[..length] != b"null" {
            self.at += length;
            self.black();
            return;
        }
        self.key = Key::None;
        self.copy(self.at + length);
    }

    fn meaning(&self, name: &[u8]) -> Key {
        let name: String = String::from_utf8_lossy(name)
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        let in_server = matches!(self.within.last(), Some((Key::Server, false)));
        let secret = SECRET.contains(&name.as_str())
            || SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending))
            || SECRET_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
            || (in_server && name == "url");
        match () {
            () if secret => Key::Secret,
            () if name == SERVER => Key::Server,
            () => Key::None,
        }
    }

    fn copy(&mut self, to: usize) {
        self.out.extend_from_slice(&self.bytes[self.at..to]);
        self.at = to;
    }

    fn black(&mut self) {
        self.out.extend_from_slice(BLACK);
        self.key = Key::None;
    }

    /// Past the container that opens here, or to the end of the bytes.
    fn past_container(&self) -> usize {
        let (mut at, mut open) = (self.at, 0_usize);
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'"' => {
                    at = past_string(self.bytes, at);
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open -= 1,
                _ => {}
            }
            at += 1;
            if open == 0 {
                return at;
            }
        }
        at
    }
}

/// Past the string that begins here, or to the end of the bytes.
fn past_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// What a quoted name spells.
fn unescaped(quoted: &[u8]) -> Vec<u8> {
    serde_json::from_slice::<String>(quoted).map_or_else(|_| quoted.to_vec(), String::into_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str) -> String {
        String::from_utf8(redact(body.as_bytes())).unwrap()
    }

    #[test]
    fn secrets_are_blacked_out_wherever_they_stand_and_nothing_else_is_touched() {
        for (body, kept) in [
            (
                r#"{"twilioAuthToken": "s3cret", "number": "+1"}"#,
                r#"{"twilioAuthToken": "[redacted]", "number": "+1"}"#,
            ),
            (r#"{"twilioAuth\u0054oken":"s3cret"}"#, r#"{"twilioAuth\u0054oken":"[redacted]"}"#),
            (r#"{"API_KEY" : 12345 , "n":1}"#, r#"{"API_KEY" : "[redacted]" , "n":1}"#),
            (r#"{"monitor":{"listenUrl":"wss://a\"b"}}"#, r#"{"monitor":{"listenUrl":"[redacted]"}}"#),
            (
                r#"{"server":{"url":"https://x/hooks/vapi/s3cret","timeoutSeconds":20,"headers":{"X":["s3cret"]}}}"#,
                r#"{"server":{"url":"[redacted]","timeoutSeconds":20,"headers":"[redacted]"}}"#,
            ),
            (r#"{"credentials":[{"a":"}]"},[1]],"b":2}"#, r#"{"credentials":"[redacted]","b":2}"#),
            (
                r#"{"artifact":{"presignedMonoUrl":"https://s3cret"}}"#,
                r#"{"artifact":{"presignedMonoUrl":"[redacted]"}}"#,
            ),
            (r#"{"arguments":"{\"apiKey\":\"s3cret\"}"}"#, r#"{"arguments":"{\"apiKey\":\"[redacted]\"}"}"#),
            (r#"{"token":null}"#, r#"{"token":null}"#),
            // cut off in the middle, or no JSON at all
            (r#"{"secret":"s3cr"#, r#"{"secret":"[redacted]""#),
            (r#"{"secret":{"a":"s3cr"#, r#"{"secret":"[redacted]""#),
            (r#"x "password": s3cret"#, r#"x "password": "[redacted]""#),
        ] {
            assert_eq!(text(body), kept, "{body}");
            assert_eq!(text(kept), kept, "again changes nothing");
        }
        for untouched in [
            "",
            "\"",
            "{]}",
            "not json",
            r#"{"url":"https://x","llmPromptTokens":812,"credentialId":"c","a" : [ {"b":"secret: \\" } ] }"#,
            r#"["token","secret"]"#,
        ] {
            assert_eq!(text(untouched), untouched);
        }
        let bytes = [b'{', b'"', 0xff, b'"', b':', 0xfe, b'\\'];
        assert_eq!(redact(&bytes), bytes);
        let deep = "[".repeat(200_000);
        assert_eq!(text(&deep), deep);
    }
}
