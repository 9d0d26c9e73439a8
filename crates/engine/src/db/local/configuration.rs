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
        // The log names no statement and no value: people's addresses are in them.
        let ours = [
            ("listen_addresses", ""),
            ("unix_socket_permissions", "0700"),
            ("max_connections", "60"),
            ("shared_buffers", "256MB"),
            ("max_wal_size", "2GB"),
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
