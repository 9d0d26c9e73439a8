//! Finds the server programs of this machine. Leaves running them to `cluster`.

use std::cmp::Reverse;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Error, Result};

/// The oldest major version that everything here works with.
pub const OLDEST_MAJOR: u32 = 14;

/// Folders of folders of PostgreSQL installations, one for each version.
const INSTALLATIONS: [&str; 5] = [
    "/usr/lib/postgresql",
    "/usr/local/lib/postgresql",
    "/opt/homebrew/opt",
    "/usr/local/opt",
    "/Applications/Postgres.app/Contents/Versions",
];

/// Where to look for `postgres`, `initdb` and `pg_ctl`.
#[derive(Debug, Clone, Default)]
pub struct ServerSearch {
    directories: Vec<PathBuf>,
    named: bool,
}

impl ServerSearch {
    /// Only the named directory, if there is one; else every usual place, and then each directory of `path`, the
    /// value of `PATH`.
    pub fn new(directory: Option<PathBuf>, path: Option<&OsStr>) -> Self {
        if let Some(directory) = directory {
            return Self { directories: vec![directory], named: true };
        }
        let versions = INSTALLATIONS.iter().flat_map(|folder| subfolders(Path::new(folder)));
        let redhat = subfolders(Path::new("/usr")).filter(|folder| {
            folder.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"pgsql"))
        });
        let mut directories: Vec<PathBuf> = versions.chain(redhat).map(|folder| folder.join("bin")).collect();
        directories.push("/usr/local/pgsql/bin".into());
        directories
            .extend(path.into_iter().flat_map(std::env::split_paths).filter(|entry| entry.is_absolute()));
        Self { directories, named: false }
    }
}

/// One installation of the server.
#[derive(Debug, Clone)]
pub(super) struct Programs {
    pub(super) bin: PathBuf,
    pub(super) major: u32,
}

impl Programs {
    /// Whether this server knows a setting by that value: what it was built with decides.
    pub(super) fn takes(&self, setting: &str, value: &str) -> bool {
        let mut command = Command::new(self.bin.join("postgres"));
        command.args([
            "-C",
            setting,
            "-c",
            "config_file=/dev/null",
            "-c",
            &format!("{setting}={value}"),
            "-D",
        ]);
        let output = command.arg(&self.bin).stdin(Stdio::null()).output();
        output.is_ok_and(|output| output.status.success())
    }
}

/// The installation that made the existing data, else the newest that will do.
pub(super) fn find(search: &ServerSearch, made_by: Option<u32>) -> Result<Programs> {
    let mut found: Vec<Programs> = search.directories.iter().filter_map(|bin| installation(bin)).collect();
    found.sort_by_key(|programs| Reverse(programs.major));
    let chosen = found.iter().find(|programs| match made_by {
        Some(major) => programs.major == major,
        None => programs.major >= OLDEST_MAJOR,
    });
    chosen.cloned().ok_or_else(|| not_found(search, made_by, &found))
}

fn subfolders(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

fn installation(bin: &Path) -> Option<Programs> {
    if !["postgres", "initdb", "pg_ctl"].iter().all(|program| bin.join(program).is_file()) {
        return None;
    }
    let output = Command::new(bin.join("postgres")).arg("--version").stdin(Stdio::null()).output().ok()?;
    Some(Programs { bin: bin.to_owned(), major: major_of(&String::from_utf8_lossy(&output.stdout))? })
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` is 15; `… 18beta1` is 18.
fn major_of(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    let digits = number.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(number.len());
    number[..digits].parse().ok()
}

fn not_found(search: &ServerSearch, made_by: Option<u32>, found: &[Programs]) -> Error {
    if let Some(major) = made_by {
        let others: Vec<String> = found.iter().map(|other| other.major.to_string()).collect();
        let others =
            if others.is_empty() { String::new() } else { format!(" (found: {})", others.join(", ")) };
        return Error::invalid(
            format!(
                "the local database was made by PostgreSQL {major}, and no PostgreSQL {major} server is on this \
                 machine{others}"
            ),
            format!(
                "install it: `apt install postgresql-{major}`, `dnf install postgresql{major}-server` or `brew install \
                 postgresql@{major}`; to move to another version, take a copy with `pg_dump` first"
            ),
        );
    }
    let (what, also) = match (search.named, found.first()) {
        (_, Some(old)) => (
            format!(
                "the newest PostgreSQL server here is {}, and {OLDEST_MAJOR} or newer is needed",
                old.major
            ),
            String::new(),
        ),
        (true, None) => {
            let directory =
                search.directories.first().map(|path| path.display().to_string()).unwrap_or_default();
            (
                format!("no PostgreSQL server program found in {directory}"),
                "name the right directory, or ".into(),
            )
        }
        (false, None) => ("no PostgreSQL server program found".into(), String::new()),
    };
    Error::not_found(
        what,
        format!(
            "{also}set DATABASE_URL to a PostgreSQL database, or install a server: `apt install postgresql`, `dnf \
             install postgresql-server` or `brew install postgresql@17`"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::{ServerSearch, find, major_of};

    #[test]
    fn the_major_version_is_read_from_what_the_server_prints() {
        assert_eq!(major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_of("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major_of("postgres\n"), None);
    }

    #[test]
    fn a_server_says_which_values_it_was_built_for() {
        let programs = find(&ServerSearch::new(None, None), None).unwrap();
        assert!(programs.takes("wal_compression", "on"));
        assert!(!programs.takes("wal_compression", "stronger"));
    }
}
