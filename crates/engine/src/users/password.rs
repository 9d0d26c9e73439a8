//! Passwords: what is accepted, and the slow hash by which one is known again. Leaves who may try how often to
//! `sessions`.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::rand;
use tokio::sync::Semaphore;

use crate::{Error, Result};

/// Shortest password; length is what counts, so nothing else is asked of it.
const SHORTEST: usize = 12;
const LONGEST: usize = 1024;

/// A hash takes 19 MiB and a core for a while: so many at once, the others wait.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What a password is compared with where the account does not exist, so that the answer takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Refuses what is guessed first.
pub(super) fn check(password: &str, email: &str) -> Result<()> {
    let refused = |what: &str, hint: &str| Err(Error::invalid_field("password", what, hint));
    let letters = password.chars().count();
    if letters < SHORTEST {
        let what = format!("that password has {letters} characters");
        return refused(&what, "take at least 12; four words in a row are easy to keep in mind");
    }
    if password.len() > LONGEST {
        return refused("that password is too long", "take at most 1,024 characters");
    }
    let plain = password.to_lowercase();
    let account = email.split('@').next().unwrap_or(email).to_lowercase();
    let without_account = plain.replace(&email.to_lowercase(), "").replace(&account, "");
    let different: std::collections::BTreeSet<char> = without_account.chars().collect();
    if different.len() < 5 || COMMON.iter().any(|common| plain.contains(common) && letters < common.len() + 6)
    {
        return refused(
            "that password is one of the first to be tried",
            "take four words in a row, or let a password manager make one",
        );
    }
    Ok(())
}

/// Beginnings of what people take most.
const COMMON: &[&str] =
    &["password", "passwort", "1234567890", "qwertyuiop", "qwertzuiop", "letmein", "touchline"];

/// The hash to keep, in PHC form.
pub(super) async fn hash(password: &str) -> Result<String> {
    let mut salt = [0u8; 16];
    rand::fill(&mut salt).map_err(|_| {
        Error::conflict("the machine gave no random bytes", "try again; without them no hash is safe")
    })?;
    let password = password.to_owned();
    let hashed = slowly(move || {
        let hashed: std::result::Result<PasswordHash, _> =
            hasher().hash_password_with_salt(password.as_bytes(), &salt);
        hashed.map(|hash| hash.to_string()).ok()
    });
    hashed
        .await?
        .ok_or_else(|| Error::invalid_field("password", "that password cannot be hashed", "take another"))
}

/// Whether it is the password of that hash; None: no such account, and false after the same time.
pub(crate) async fn is_right(password: &str, kept: Option<String>) -> Result<bool> {
    if password.len() > LONGEST {
        return Ok(false);
    }
    let password = password.to_owned();
    slowly(move || {
        let exists = kept.is_some();
        let kept = PasswordHash::new(kept.as_deref().unwrap_or(NOBODY)).ok();
        kept.is_some_and(|kept| hasher().verify_password(password.as_bytes(), &kept).is_ok()) && exists
    })
    .await
}

/// Argon2id with 19 MiB and two passes, as OWASP asks for.
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

async fn slowly<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let failed = |_| Error::conflict("the password could not be checked", "try again");
    let _turn = AT_ONCE
        .acquire()
        .await
        .map_err(|_| Error::conflict("the password could not be checked", "try again"))?;
    tokio::task::spawn_blocking(work).await.map_err(failed)
}
