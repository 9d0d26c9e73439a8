//! Secrets that we must be able to read again (the key of an HMAC), sealed at rest with a key that is not in the
//! database: a file of ours, or a setting. Leaves where the file lies to `app`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::rand;

use super::secret::digest;
use crate::{Error, Result};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;
/// How many bytes of a key's digest say which key sealed something.
const MARK_BYTES: usize = 4;

/// Where the sealing key comes from. It is read when it is needed first, and made when it is needed to seal.
#[derive(Clone)]
pub struct Keys {
    /// 64 hexadecimal digits; None: the file.
    pub given: Option<String>,
    pub file: PathBuf,
}

impl Keys {
    /// The key to seal with; makes the file where there is none.
    pub fn make(&self) -> Result<SealKey> {
        match self.existing()? {
            Some(key) => Ok(key),
            None => {
                let mut bytes = [0u8; KEY_BYTES];
                rand::fill(&mut bytes)
                    .map_err(|_| Error::conflict("the machine gave no random bytes", "try again"))?;
                write(&self.file, &bytes)?;
                // Another process may have been quicker: what the file holds is the key.
                self.existing()?.ok_or_else(|| unusable(&self.file, "it vanished"))
            }
        }
    }

    /// The key, where there is one.
    pub fn existing(&self) -> Result<Option<SealKey>> {
        if let Some(given) = self.given.as_deref().map(str::trim).filter(|given| !given.is_empty()) {
            let hint = "set TOUCHLINE_SECRET_KEY to 64 hexadecimal digits: `openssl rand -hex 32` makes some";
            let bytes = unhex(given)
                .ok_or_else(|| Error::invalid("TOUCHLINE_SECRET_KEY cannot be used as a key", hint))?;
            return Ok(Some(SealKey(bytes)));
        }
        match fs::read_to_string(&self.file) {
            Ok(text) => unhex(text.trim())
                .map(|bytes| Some(SealKey(bytes)))
                .ok_or_else(|| unusable(&self.file, "it does not hold 64 hexadecimal digits")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unusable(&self.file, &error.to_string())),
        }
    }
}

/// Writes the file whole or not at all, readable by its owner only; an existing one stays.
fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    let told = |error: std::io::Error| unusable(file, &error.to_string());
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(told)?;
    }
    let draft = file.with_extension(format!("{}.new", std::process::id()));
    let mut open =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft).map_err(told)?;
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    open.write_all(text.as_bytes()).and_then(|()| open.sync_all()).map_err(told)?;
    let linked = fs::hard_link(&draft, file);
    let _ = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(told(error)),
        _ => Ok(()),
    }
}

fn unusable(file: &Path, why: &str) -> Error {
    Error::conflict(
        format!("the key file `{}` cannot be used: {why}", file.display()),
        "set TOUCHLINE_HOME to a folder of yours, or TOUCHLINE_SECRET_KEY to 64 hexadecimal digits",
    )
}

/// A key that seals and opens. What it seals is bound to one connection: moved to another row, it does not open.
pub struct SealKey([u8; KEY_BYTES]);

impl SealKey {
    pub(super) fn seal(&self, secret: &[u8], bound_to: &[u8]) -> Result<Vec<u8>> {
        let failed = |_| Error::conflict("a secret could not be sealed", "try again");
        let mut inside = secret.to_vec();
        let nonce = self
            .cipher()
            .map_err(failed)?
            .seal_in_place_append_tag(Aad::from(bound_to), &mut inside)
            .map_err(failed)?;
        Ok([&self.mark()[..], &nonce.as_ref()[..], &inside].concat())
    }

    pub(super) fn open(&self, sealed: &[u8], bound_to: &[u8]) -> Result<Vec<u8>> {
        let (mark, rest) = sealed.split_at_checked(MARK_BYTES).unwrap_or_default();
        if mark != self.mark() {
            return Err(Error::conflict(
                "a secret was sealed with another key",
                "use the TOUCHLINE_SECRET_KEY or the key file of the machine where the connection was made, or run \
                 `touchline connections rotate`",
            ));
        }
        let damaged = |_| Error::conflict("a sealed secret is damaged", "run `touchline connections rotate`");
        let (nonce, inside) = rest.split_at_checked(NONCE_BYTES).unwrap_or_default();
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(damaged)?;
        let mut inside = inside.to_vec();
        let cipher = self.cipher().map_err(damaged)?;
        let length = cipher.open_in_place(nonce, Aad::from(bound_to), &mut inside).map_err(damaged)?.len();
        inside.truncate(length);
        Ok(inside)
    }

    fn cipher(&self) -> std::result::Result<RandomizedNonceKey, aws_lc_rs::error::Unspecified> {
        RandomizedNonceKey::new(&AES_256_GCM, &self.0)
    }

    fn mark(&self) -> [u8; MARK_BYTES] {
        let digest = digest(&self.0);
        [digest[0], digest[1], digest[2], digest[3]]
    }
}

fn unhex(text: &str) -> Option<[u8; KEY_BYTES]> {
    if text.len() != 2 * KEY_BYTES || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0u8; KEY_BYTES];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_with_the_same_key_for_the_same_row_only() {
        let key = SealKey([7; 32]);
        let sealed = key.seal(b"secret", b"row 1").unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_ne!(sealed, key.seal(b"secret", b"row 1").unwrap());
        assert_eq!(key.open(&sealed, b"row 1").unwrap(), b"secret");
        assert!(key.open(&sealed, b"row 2").is_err());
        assert!(SealKey([8; 32]).open(&sealed, b"row 1").is_err());
        assert!(key.open(&sealed[..10], b"row 1").is_err());
    }
}
