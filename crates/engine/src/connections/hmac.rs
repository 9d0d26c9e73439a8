//! Signatures over a delivery's body, as vendors let people configure them: which hash, which headers, what is signed.
//! Pure: no database, no HTTP.

use aws_lc_rs::hmac::{self, HMAC_SHA1_FOR_LEGACY_USE_ONLY, HMAC_SHA256, HMAC_SHA512, Key};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::proof::{Accepted, Unproven};

/// How far a signature's time may be from ours.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// How a signature is put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Hmac {
    pub algorithm: Algorithm,
    pub signature_header: String,
    /// Header with the time of signing; None: the signature has no time, and only replays are refused.
    pub timestamp_header: Option<String>,
    /// What is signed: `{timestamp}`, `{body}`, `{method}`, `{url}` and `{svix-id}` are filled in.
    pub payload_format: String,
    /// Stands before the signature in its header, e.g. "sha256=".
    pub prefix: String,
    pub encoding: Encoding,
    /// Header with the message's id, for `{svix-id}`.
    pub message_id_header: String,
    /// The key is written in Base64.
    pub key_is_base64: bool,
    /// What stands before the path in `{url}`.
    pub base_url: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    Sha1,
    #[default]
    Sha256,
    Sha512,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    #[default]
    Hex,
    Base64,
}

impl Default for Hmac {
    /// Vapi's own defaults.
    fn default() -> Self {
        Self {
            algorithm: Algorithm::default(),
            signature_header: "x-signature".into(),
            timestamp_header: Some("x-timestamp".into()),
            payload_format: "{timestamp}.{body}".into(),
            prefix: String::new(),
            encoding: Encoding::default(),
            message_id_header: "svix-id".into(),
            key_is_base64: false,
            base_url: String::new(),
        }
    }
}

/// What of a request a signature may cover.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    pub method: &'a str,
    /// Path and query as requested.
    pub target: &'a str,
    pub body: &'a [u8],
}

impl Hmac {
    /// The signature of the request, if it is right and of now.
    pub(super) fn verify<'h>(
        &self,
        header: impl Fn(&str) -> Option<&'h [u8]>,
        signed: Signed,
        accepted: &[Accepted<Vec<u8>>],
        now: Timestamp,
    ) -> Result<Vec<u8>, Unproven> {
        let shown = header(&self.signature_header).ok_or(Unproven::Missing)?;
        let timestamp = match &self.timestamp_header {
            Some(name) => header(name).ok_or(Unproven::Missing)?,
            None => b"",
        };
        let message = self.message(timestamp, header(&self.message_id_header).unwrap_or(b""), signed);
        // Several signatures may be listed, as "v1,… v1,…".
        let shown: Vec<Vec<u8>> = shown
            .split(|byte| *byte == b' ')
            .filter_map(|one| self.decode(one.strip_prefix(self.prefix.as_bytes())?))
            .collect();
        let signature = accepted
            .iter()
            .filter(|one| one.is_valid(now))
            .map(|one| Key::new(self.algorithm(), &one.secret))
            .find_map(|key| shown.iter().find(|tag| hmac::verify(&key, &message, tag).is_ok()))
            .ok_or(Unproven::Wrong)?;
        if self.timestamp_header.is_some() && !is_of_now(timestamp, now) {
            return Err(Unproven::Late);
        }
        Ok(signature.clone())
    }

    /// The value of the signature's header, as the vendor would write it.
    pub(super) fn sign(&self, key: &[u8], timestamp: &str, message_id: &str, signed: Signed) -> String {
        let message = self.message(timestamp.as_bytes(), message_id.as_bytes(), signed);
        let tag = hmac::sign(&Key::new(self.algorithm(), key), &message);
        let text = match self.encoding {
            Encoding::Hex => tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect(),
            Encoding::Base64 => BASE64_STANDARD.encode(tag),
        };
        format!("{}{text}", self.prefix)
    }

    /// The bytes of a key as it is written.
    pub(super) fn key(&self, written: &str) -> Option<Vec<u8>> {
        if self.key_is_base64 {
            BASE64_STANDARD.decode(written.strip_prefix("whsec_").unwrap_or(written)).ok()
        } else {
            Some(written.as_bytes().to_vec())
        }
    }

    /// What is signed: the format, its names filled in, in one pass (a body may hold a name itself).
    fn message(&self, timestamp: &[u8], message_id: &[u8], signed: Signed) -> Vec<u8> {
        let url = format!("{}{}", self.base_url.trim_end_matches('/'), signed.target);
        let names: [(&str, &[u8]); 5] = [
            ("{timestamp}", timestamp),
            ("{body}", signed.body),
            ("{method}", signed.method.as_bytes()),
            ("{url}", url.as_bytes()),
            ("{svix-id}", message_id),
        ];
        let mut message = Vec::with_capacity(signed.body.len() + 64);
        let mut rest = self.payload_format.as_str();
        while let Some(next) = rest.chars().next() {
            match names.iter().find(|(name, _)| rest.starts_with(name)) {
                Some((name, value)) => {
                    message.extend_from_slice(value);
                    rest = &rest[name.len()..];
                }
                None => {
                    message.extend_from_slice(&rest.as_bytes()[..next.len_utf8()]);
                    rest = &rest[next.len_utf8()..];
                }
            }
        }
        message
    }

    fn decode(&self, text: &[u8]) -> Option<Vec<u8>> {
        match self.encoding {
            Encoding::Base64 => BASE64_STANDARD.decode(text).ok(),
            Encoding::Hex => {
                let text =
                    std::str::from_utf8(text).ok().filter(|text| text.is_ascii() && text.len() % 2 == 0)?;
                (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
            }
        }
    }

    fn algorithm(&self) -> hmac::Algorithm {
        match self.algorithm {
            Algorithm::Sha1 => HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Algorithm::Sha256 => HMAC_SHA256,
            Algorithm::Sha512 => HMAC_SHA512,
        }
    }
}

/// Whether a time of signing is close enough. Vendors write seconds, milliseconds or RFC 3339, and do not say which.
fn is_of_now(timestamp: &[u8], now: Timestamp) -> bool {
    let Ok(text) = std::str::from_utf8(timestamp) else { return false };
    let at = match text.trim().parse::<i64>() {
        // Seconds of today have ten digits, milliseconds thirteen.
        Ok(number) if number.unsigned_abs() < 100_000_000_000 => Timestamp::from_second(number).ok(),
        Ok(number) => Timestamp::from_millisecond(number).ok(),
        Err(_) => text.trim().parse().ok(),
    };
    at.is_some_and(|at| now.duration_since(at).abs() <= TOLERANCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"test-secret-not-real";
    const BODY: &[u8] =
        br#"{"message":{"type":"hang","call":{"id":"019b1c10-4a2e-7c11-8d01-0a1b2c3d4e01"}}}"#;
    const SIGNATURE: &str = "ab89c259bc17dcb5d14dbfa8aaaf1c51517120bfbb24695a291deb0a818dfd0b";
    const TIMESTAMP: &str = "1762095870000";

    fn verify(
        hmac: &Hmac,
        signature: &str,
        timestamp: &str,
        body: &[u8],
        at: i64,
    ) -> Result<Vec<u8>, Unproven> {
        let signed = Signed { method: "POST", target: "/hooks/vapi/x", body };
        let accepted = [Accepted { secret: KEY.to_vec(), valid_until: None }];
        let header = |name: &str| match name {
            "x-signature" => Some(signature.as_bytes()),
            "x-timestamp" => Some(timestamp.as_bytes()),
            _ => None,
        };
        hmac.verify(header, signed, &accepted, Timestamp::from_second(at).unwrap())
    }

    /// The vector was computed from the vendor's documented defaults.
    #[test]
    fn the_vendors_defaults_verify_and_every_changed_byte_is_refused() {
        let hmac = Hmac::default();
        assert!(verify(&hmac, SIGNATURE, TIMESTAMP, BODY, 1_762_095_870 + 299).is_ok());
        assert_eq!(verify(&hmac, SIGNATURE, TIMESTAMP, BODY, 1_762_095_870 + 301), Err(Unproven::Late));
        assert_eq!(verify(&hmac, SIGNATURE, TIMESTAMP, BODY, 1_762_095_870 - 301), Err(Unproven::Late));
        assert_eq!(verify(&hmac, SIGNATURE, "1762095870001", BODY, 1_762_095_870), Err(Unproven::Wrong));
        assert_eq!(verify(&hmac, &SIGNATURE[2..], TIMESTAMP, BODY, 1_762_095_870), Err(Unproven::Wrong));
        for at in 0..BODY.len() {
            let mut body = BODY.to_vec();
            body[at] ^= 1;
            assert_eq!(
                verify(&hmac, SIGNATURE, TIMESTAMP, &body, 1_762_095_870),
                Err(Unproven::Wrong),
                "{at}"
            );
        }
    }

    #[test]
    fn every_form_that_can_be_configured_verifies_its_own_signature() {
        for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
            for encoding in [Encoding::Hex, Encoding::Base64] {
                let hmac = Hmac {
                    algorithm,
                    encoding,
                    prefix: "v1=".into(),
                    payload_format: "{method} {url} {svix-id}.{timestamp}.{body}.{body".into(),
                    base_url: "https://hooks.example.com/".into(),
                    ..Hmac::default()
                };
                let body = b"{timestamp} is no time".as_slice();
                let signed = Signed { method: "POST", target: "/hooks/vapi/x", body };
                let signature = hmac.sign(KEY, TIMESTAMP, "", signed);
                assert!(verify(&hmac, &signature, TIMESTAMP, body, 1_762_095_870).is_ok(), "{hmac:?}");
                assert_eq!(verify(&hmac, &signature, TIMESTAMP, b"", 1_762_095_870), Err(Unproven::Wrong));
            }
        }
    }
}
