//! The folders and files of the private server, and who may enter them. Leaves their contents to `cluster`.
//!
//! `data` the cluster, `s` its socket, `server.log`, and two lock files. Where the socket's path would be longer than
//! the kernel allows, the socket lies in a private folder under `/tmp`.

use std::fs::{self, DirBuilder, Metadata, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use super::account::Accounts;
use crate::{Error, Result};

/// A socket's whole path may have 107 bytes on Linux and 103 on macOS.
const LONGEST_SOCKET_PATH: usize = 100;

#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) root: PathBuf,
    pub(super) socket_dir: PathBuf,
}

impl Layout {
    pub(super) fn new(root: &Path, uid: u32) -> Result<Self> {
        let root = std::path::absolute(root).map_err(|error| unusable(root, &error))?;
        let near = root.join("s");
        let fits = near.join(".s.PGSQL.5432").as_os_str().len() <= LONGEST_SOCKET_PATH;
        let socket_dir = if fits {
            near
        } else {
            PathBuf::from(format!("/tmp/touchline-{uid}-{:016x}", fnv1a(root.as_os_str().as_encoded_bytes())))
        };
        Ok(Self { root, socket_dir })
    }

    pub(super) fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// Where a cluster is made before it is renamed to `data`: a crash half-way leaves nothing that looks whole.
    pub(super) fn data_in_the_making(&self) -> PathBuf {
        self.root.join("data.new")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.root.join("server.log")
    }

    pub(super) fn pid_file(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    pub(super) fn socket_lock_file(&self) -> PathBuf {
        self.socket_dir.join(".s.PGSQL.5432.lock")
    }

    /// The server's process, as its pid file names it.
    pub(super) fn pid(&self) -> Option<u32> {
        fs::read_to_string(self.pid_file()).ok()?.lines().next()?.trim().parse().ok()
    }

    /// The major version that made the data; nothing when there is no data yet.
    pub(super) fn major_of_data(&self) -> Result<Option<u32>> {
        let path = self.data().join("PG_VERSION");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(&path, &error)),
        };
        text.trim().parse().map(Some).map_err(|_| {
            Error::invalid(
                format!("{} does not hold a version of PostgreSQL 10 or newer", path.display()),
                "the local database is damaged: put the folder back from a copy, or move it away to start anew",
            )
        })
    }

    /// Makes the folders where they are missing and gives them to the server's user, closed to everybody else.
    pub(super) fn prepare(&self, accounts: &Accounts) -> Result<()> {
        make_ancestors(&self.root)?;
        for folder in [&self.root, &self.socket_dir] {
            match DirBuilder::new().mode(0o700).create(folder) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                    return Err(unusable(folder, &error));
                }
                _ => {}
            }
            let found = fs::symlink_metadata(folder).map_err(|error| unusable(folder, &error))?;
            check_ours(folder, &found, accounts)?;
            if let Some(server) = &accounts.server {
                chown(folder, Some(server.uid), Some(server.gid))
                    .map_err(|error| unusable(folder, &error))?;
            }
            if found.mode() & 0o777 != 0o700 {
                fs::set_permissions(folder, Permissions::from_mode(0o700))
                    .map_err(|error| unusable(folder, &error))?;
            }
        }
        Ok(())
    }
}

/// Makes what is missing above `folder`, open to enter, so that the server's user gets through whatever the umask.
fn make_ancestors(folder: &Path) -> Result<()> {
    let missing: Vec<&Path> = folder.ancestors().skip(1).take_while(|ancestor| !ancestor.exists()).collect();
    for ancestor in missing.into_iter().rev() {
        match fs::create_dir(ancestor) {
            Ok(()) => fs::set_permissions(ancestor, Permissions::from_mode(0o755)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
        .map_err(|error| unusable(ancestor, &error))?;
    }
    Ok(())
}

/// A folder that somebody else made, or a link to elsewhere, could be a trap: `/tmp` is open to all.
fn check_ours(folder: &Path, found: &Metadata, accounts: &Accounts) -> Result<()> {
    let place = folder.display();
    if !found.is_dir() {
        return Err(Error::invalid(
            format!("{place} should be a folder, and it is a file or a link"),
            "move it away, or name the folder that the link leads to with TOUCHLINE_HOME",
        ));
    }
    if found.uid() != accounts.me.uid && found.uid() != accounts.owner().uid {
        return Err(Error::invalid(
            format!("{place} belongs to another user (uid {})", found.uid()),
            "run touchline as that user, or name another folder with TOUCHLINE_HOME",
        ));
    }
    Ok(())
}

/// A file or folder that the system would not let us have.
pub(super) fn unusable(path: &Path, error: &std::io::Error) -> Error {
    let hint = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "make room on that disk, then run the command again"
        }
        _ => "make the folder writable for this user, or name another one with TOUCHLINE_HOME",
    };
    Error::invalid(format!("cannot use {}: {error}", path.display()), hint)
}

/// A short name for a long path, the same in every process and version.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
