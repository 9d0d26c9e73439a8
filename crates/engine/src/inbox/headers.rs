//! A delivery's headers: looked up by name, and kept without secrets.

use std::fmt::Write;

/// Headers that carry secrets whatever the connection says.
const SECRET: [&str; 6] =
    ["authorization", "cookie", "proxy-authorization", "x-api-key", "x-touchline-secret", "x-vapi-secret"];

/// Names in lower case, values as they came.
#[derive(Debug, Clone, Default)]
pub struct Headers(Vec<(String, Vec<u8>)>);

impl Headers {
    pub fn new(headers: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        Self(headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect())
    }

    /// The first value of that name, which is in lower case.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice())
    }

    /// A JSON object of those that may be kept; several of one name are joined by a comma, as HTTP has it.
    pub(super) fn to_json(&self, also_secret: Option<&str>) -> String {
        let mut json = String::from("{");
        for (at, (name, _)) in self.0.iter().enumerate() {
            let is_repeated = self.0[..at].iter().any(|(earlier, _)| earlier == name);
            if is_repeated || SECRET.contains(&name.as_str()) || also_secret == Some(name) {
                continue;
            }
            let values: Vec<String> = self.0[at..]
                .iter()
                .filter(|(other, _)| other == name)
                // PostgreSQL holds no U+0000; a header cannot either, but it is not this room that checked.
                .map(|(_, value)| String::from_utf8_lossy(value).replace('\0', "\u{FFFD}"))
                .collect();
            let comma = if json.len() > 1 { "," } else { "" };
            let value = serde_json::Value::from(values.join(", "));
            let _ = write!(json, "{comma}{}:{value}", serde_json::Value::from(name.as_str()));
        }
        json.push('}');
        json
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_kept_without_secrets() {
        let headers = Headers::new(
            [
                ("Authorization", "Bearer x"),
                ("X-Ours", "y"),
                ("Accept", "a"),
                ("X-Q\"", "\u{7f}\\"),
                ("accept", "b"),
            ]
            .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec())),
        );
        let kept: serde_json::Value = serde_json::from_str(&headers.to_json(Some("x-ours"))).unwrap();
        assert_eq!(kept, serde_json::json!({ "accept": "a, b", "x-q\"": "\u{7f}\\" }));
        assert_eq!(headers.get("x-ours"), Some(b"y".as_slice()));
    }
}
