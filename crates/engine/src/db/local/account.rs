//! Who we are, and whom the server runs as: PostgreSQL refuses to run as root and needs a user with a name.
//! Asks the `id` program, which knows every directory of users that this machine has.

use std::process::{Command, Stdio};

use crate::{Error, Result};

/// A user of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) name: String,
}

/// This process's user, and the one the server runs as where that is another.
#[derive(Debug, Clone)]
pub(super) struct Accounts {
    pub(super) me: Account,
    pub(super) server: Option<Account>,
}

impl Accounts {
    pub(super) fn find() -> Result<Self> {
        let uid = effective_uid()?;
        if uid != 0 {
            let name = id(&["-un"]).ok_or_else(|| nameless(uid))?;
            return Ok(Self { me: Account { uid, gid: number(&["-g"])?, name }, server: None });
        }
        let me = Account { uid: 0, gid: 0, name: id(&["-un"]).unwrap_or_else(|| "root".into()) };
        let server = ["postgres", "nobody"].into_iter().find_map(named).ok_or_else(|| {
            Error::invalid(
                "this is root, as whom PostgreSQL refuses to run, and there is no user `postgres` or `nobody`",
                "run touchline as a normal user, make one with `useradd --system postgres`, or set DATABASE_URL",
            )
        })?;
        Ok(Self { me, server: Some(server) })
    }

    /// The user that owns the files of the server.
    pub(super) fn owner(&self) -> &Account {
        self.server.as_ref().unwrap_or(&self.me)
    }
}

/// The user id that the kernel checks this process by.
pub fn effective_uid() -> Result<u32> {
    number(&["-u"])
}

fn named(name: &str) -> Option<Account> {
    let (uid, gid) = (id(&["-u", name])?.parse().ok()?, id(&["-g", name])?.parse().ok()?);
    Some(Account { uid, gid, name: name.into() })
}

fn number(args: &[&str]) -> Result<u32> {
    id(args).and_then(|text| text.parse().ok()).ok_or_else(|| {
        Error::invalid(
            "the program `id` did not tell which user this is",
            "install coreutils (or busybox), or set DATABASE_URL to a PostgreSQL database",
        )
    })
}

fn id(args: &[&str]) -> Option<String> {
    let output = Command::new("id").args(args).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

fn nameless(uid: u32) -> Error {
    Error::invalid(
        format!(
            "this user has no name (uid {uid} is not in /etc/passwd), and PostgreSQL refuses to run without one"
        ),
        "give the container a user that has an entry in /etc/passwd, or set DATABASE_URL to a PostgreSQL database",
    )
}
