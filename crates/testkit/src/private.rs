//! A server of one test's own, for tests that kill it. Removed with its folder when the test ends.

use std::fs;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use engine::db::local::{LocalServer, Tuning};
use tempfile::TempDir;

use crate::must;
use crate::server::{Address, quick_but_safe, search};

/// A server that nobody else uses.
pub struct PrivateServer {
    server: Option<LocalServer>,
    folder: TempDir,
}

/// Makes and starts a server.
pub async fn private_server() -> PrivateServer {
    open(&quick_but_safe()).await
}

/// Makes and starts a server with the settings that Touchline gives its own, and room for as many clients as a peer takes:
/// for measuring.
pub async fn durable_server() -> PrivateServer {
    let settings = vec![("max_connections".to_owned(), "200".to_owned())];
    open(&Tuning { settings, ..Tuning::default() }).await
}

async fn open(tuning: &Tuning) -> PrivateServer {
    let folder = folder();
    let opened = LocalServer::open_with(&folder.path().join("pg"), &search(), tuning).await;
    PrivateServer { server: Some(must(opened, "opening a server")), folder }
}

/// A folder that goes with its value, and that the server's user may enter: run as root, that is another user.
pub fn folder() -> TempDir {
    let folder =
        tempfile::Builder::new().prefix("touchline-").permissions(Permissions::from_mode(0o755)).tempdir();
    must(folder, "making a folder")
}

impl PrivateServer {
    /// The address of one of its databases; `touchline` is there from the start.
    pub fn url(&self, database: &str) -> String {
        Address::Socket(self.local().socket_dir().to_owned()).url(database, None)
    }

    /// The server itself.
    pub fn local(&self) -> &LocalServer {
        // It is taken out in `drop` only.
        self.server.as_ref().expect("the server is there until the end")
    }

    /// The folder that a process may open as its home: the server lies in `pg` below it.
    pub fn home(&self) -> &Path {
        self.folder.path()
    }

    /// Kills the server and all its processes as a power cut would: none gets to do anything more.
    pub fn kill_all(&self) {
        let Some(postmaster) = self.local().server_pid() else { return };
        // Stopped first, it neither sees its children die nor makes new ones.
        kill("-STOP", &[postmaster]);
        let children = children_of(postmaster);
        kill("-KILL", &children);
        kill("-KILL", &[postmaster]);
        let began = Instant::now();
        while children.iter().chain([&postmaster]).any(|pid| runs(*pid))
            && began.elapsed() < Duration::from_secs(10)
        {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Starts the server where it is down.
    pub async fn start(&self) {
        must(self.local().ensure_running().await, "starting the server");
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            let _ = server.close_blocking();
        }
    }
}

fn kill(signal: &str, processes: &[u32]) {
    let ids = processes.iter().map(u32::to_string);
    let _ = Command::new("kill").arg(signal).args(ids).stderr(Stdio::null()).status();
}

fn children_of(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|pid| stat(*pid).is_some_and(|(_, its_parent)| its_parent == parent)).collect()
}

fn runs(pid: u32) -> bool {
    stat(pid).is_some_and(|(state, _)| !matches!(state, 'Z' | 'X'))
}

/// State and parent of a process: `123 (name, which may hold anything) S 1 …`.
fn stat(pid: u32) -> Option<(char, u32)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = text.rsplit(')').next()?.split_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}
