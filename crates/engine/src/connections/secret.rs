//! Secrets that we make, and the digests by which we know them again. Leaves keeping them to `manage`, `sessions`,
//! `users` and `api_keys`.

use aws_lc_rs::{constant_time, rand};
use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// A secret in clear: shown once, never stored, never printed by accident.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A fresh one: 256 random bits, in letters that survive an address and a form field.
    pub(crate) fn fresh() -> Result<Self> {
        let mut bytes = [0u8; 32];
        rand::fill(&mut bytes).map_err(|_| {
            Error::conflict("the machine gave no random bytes", "try again; without them no secret is safe")
        })?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// One that a person brings along, e.g. from the vendor's settings.
    pub fn given(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.len() < 16 || text.chars().any(char::is_control) {
            return Err(Error::invalid(
                "that secret is too easy to guess",
                "give at least 16 characters, or leave it out and let Touchline make one",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn digest(&self) -> [u8; 32] {
        digest(self.0.as_bytes())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

pub(crate) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Compares in a time that does not tell where they differ.
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}
