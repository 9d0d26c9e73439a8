//! The settings of the private server, and who may come in through which door.
//! Leaves starting it to `cluster`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, fchown};
use std::path::Path;

use super::NAME;
use super::cluster::Cluster;

/// Further settings and roles, for tests.
#[derive(Debug, Clone, Default)]
pub struct Tuning {
    /// Server settings, stronger than ours.
    pub settings: Vec<(String, String)>,
    /// Roles that this user may log in as, besides our own.
    pub roles: Vec<String>,
}

impl Cluster {
    /// Who may come in, and through which door. Written at each start: the folder or the user may have changed.
    pub(super) fn configure(&self) -> std::io::Result<()> {
        let data = self.layout.data();
        self.put(&data.join("pg_hba.conf"), &format!("local all all peer map={NAME}\n"))?;
        let mut who = String::new();
        for role in std::iter::once(NAME).chain(self.tuning.roles.iter().map(String::as_str)) {
            for account in std::iter::once(&self.accounts.me).chain(&self.accounts.server) {
                who += &format!("{NAME} \"{}\" {role}\n", account.name);
            }
        }
        self.put(&data.join("pg_ident.conf"), &who)?;
        // After a checkpoint every page of an index is written whole once: by the older way of packing it, that took a fifth
        // of a large import's time.
        let packed = if self.programs.takes("wal_compression", "lz4") { "lz4" } else { "on" };
        let shared_buffers = format!("{}MB", share_of(memory()));
        // The log names no statement and no value: people's addresses are in them.
        let ours = [
            ("listen_addresses", ""),
            ("unix_socket_permissions", "0700"),
            ("max_connections", "60"),
            ("shared_buffers", &shared_buffers),
            // Room for the log of a large import: each checkpoint in between writes the pages of its indexes whole again.
            ("max_wal_size", "4GB"),
            ("wal_compression", packed),
            ("log_min_messages", "log"),
            ("log_error_verbosity", "terse"),
            ("log_checkpoints", "off"),
        ];
        let socket_dir = self.layout.socket_dir.to_string_lossy();
        let settings = std::iter::once(("unix_socket_directories", &*socket_dir)).chain(ours);
        let further = self.tuning.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let lines: String = settings
            .chain(further)
            .map(|(name, value)| format!("{name} = '{}'\n", value.replace('\'', "''")))
            .collect();
        self.put(&data.join("touchline.conf"), &lines)
    }

    /// Writes a file that the server can read, whatever our umask, without following a link that lies in its place.
    fn put(&self, path: &Path, text: &str) -> std::io::Result<()> {
        let aside = path.with_extension("new");
        let _ = fs::remove_file(&aside);
        let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&aside)?;
        file.write_all(text.as_bytes())?;
        if let Some(server) = &self.accounts.server {
            fchown(&file, Some(server.uid), Some(server.gid))?;
        }
        file.sync_all()?;
        fs::rename(&aside, path)
    }
}

const MIB: u64 = 1 << 20;

/// How much memory the server keeps pages in, in MiB: a sixteenth of the machine's. The indexes of a million leads fit into
/// one gigabyte; what they do not fit into is read and written again and again.
fn share_of(memory: Option<u64>) -> u64 {
    memory.map_or(256, |bytes| (bytes / MIB / 16).clamp(128, 1024))
}

/// The machine's memory in bytes, or what a container was given of it; none where the kernel does not say so in a file.
fn memory() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok()?;
    let line = machine.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let machine = line.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024;
    let container = fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let container = container.and_then(|limit| limit.trim().parse::<u64>().ok());
    Some(container.map_or(machine, |limit| limit.min(machine)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_machine_keeps_its_memory_and_a_large_one_gives_some() {
        let gib = |n: u64| Some(n * 1024 * MIB);
        let shares = [None, gib(1), gib(4), gib(8), gib(64)].map(share_of);
        assert_eq!(shares, [256, 128, 256, 512, 1024]);
    }
}
