//! A private PostgreSQL for people who configured none: made from the server programs of this machine, reachable
//! through one socket that only this user can open, started by the first process and stopped by the last.
//! Leaves pools and URLs to `connect`.
//!
//! Two locks that the kernel frees when their holder dies carry it: `gate.lock` is held while somebody starts or
//! stops the server, `in-use.lock` is shared by everybody who uses it. Whoever leaves and can take the second one
//! alone was the last.

mod account;
mod cluster;
mod configuration;
mod layout;
mod lock;
mod process;
mod programs;

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;

pub use self::account::effective_uid;
pub use self::configuration::Tuning;
pub use self::programs::{OLDEST_MAJOR, ServerSearch};

use self::account::Accounts;
use self::cluster::Cluster;
use self::layout::Layout;
use crate::{Error, Result};

/// Role and database of the private server.
pub const NAME: &str = "touchline";

/// The private server, held in use by this process until [`LocalServer::close`] or the process's end.
#[derive(Debug)]
pub struct LocalServer {
    cluster: Arc<Cluster>,
    in_use: File,
}

impl LocalServer {
    /// Makes the server in `root` if there is none, starts it if it does not answer, and joins it.
    pub async fn open(root: &Path, search: &ServerSearch) -> Result<Self> {
        Self::open_with(root, search, &Tuning::default()).await
    }

    /// The same with further server settings and roles, for tests.
    pub async fn open_with(root: &Path, search: &ServerSearch, tuning: &Tuning) -> Result<Self> {
        let (root, search, tuning) = (root.to_owned(), search.clone(), tuning.clone());
        off_the_runtime(move || Self::open_blocking(&root, &search, &tuning)).await
    }

    fn open_blocking(root: &Path, search: &ServerSearch, tuning: &Tuning) -> Result<Self> {
        let accounts = Accounts::find()?;
        let layout = Layout::new(root, accounts.me.uid)?;
        layout.prepare(&accounts)?;
        let _gate = lock::gate(&layout)?;
        let in_use = lock::in_use(&layout)?;
        let programs = programs::find(search, layout.major_of_data()?)?;
        let cluster = Cluster { layout, programs, accounts, tuning: tuning.clone() };
        cluster.bring_up()?;
        Ok(Self { cluster: Arc::new(cluster), in_use })
    }

    /// Starts the server again if it does not answer: for after a lost connection. Cheap when all is well.
    pub async fn ensure_running(&self) -> Result<()> {
        let cluster = Arc::clone(&self.cluster);
        off_the_runtime(move || {
            let _gate = lock::gate(&cluster.layout)?;
            cluster.bring_up()
        })
        .await
    }

    /// Leaves the server; true when nobody else used it and it was stopped.
    pub async fn close(self) -> Result<bool> {
        off_the_runtime(move || self.close_blocking()).await
    }

    /// [`LocalServer::close`] for places without a runtime.
    pub fn close_blocking(self) -> Result<bool> {
        let _gate = lock::gate(&self.cluster.layout)?;
        if lock::others_use_it(&self.in_use) { Ok(false) } else { self.cluster.stop() }
    }

    /// How the driver reaches a database of this server.
    pub fn connect_options(&self, database: &str) -> PgConnectOptions {
        self.cluster.connect_options(database)
    }

    /// How `psql` reaches the database of this server.
    pub fn psql_args(&self) -> Vec<OsString> {
        let socket = self.cluster.layout.socket_dir.clone().into_os_string();
        let mut args: Vec<OsString> =
            ["--port=5432", "--username=touchline", "--dbname=touchline"].map(Into::into).into();
        args.splice(0..0, ["--host".into(), socket]);
        args
    }

    /// Where everything of this server lies.
    pub fn root(&self) -> &Path {
        &self.cluster.layout.root
    }

    /// The directory of the socket: what `PGHOST` wants.
    pub fn socket_dir(&self) -> &Path {
        &self.cluster.layout.socket_dir
    }

    /// One of this server's own programs, such as `pg_dump`, where the installation has it.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        Some(self.cluster.programs.bin.join(name)).filter(|path| path.is_file())
    }

    /// Process id of the running server, from its pid file.
    pub fn server_pid(&self) -> Option<u32> {
        self.cluster.layout.pid()
    }
}

/// Runs blocking work where it does not hold up the runtime. It runs to its end even if the caller goes away, so
/// that a half-made cluster is never left behind by a dropped future.
async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => {
            Err(Error::conflict("interrupted while the local database was opened", "run the command again"))
        }
    }
}
