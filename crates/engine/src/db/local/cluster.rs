//! The cluster itself: made, started, asked whether it answers, stopped. Whoever calls holds the gate.
//! Leaves its settings to `configuration`.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{Connection, PgConnection};

use super::NAME;
use super::account::Accounts;
use super::configuration::Tuning;
use super::layout::{Layout, unusable};
use super::process::{Process, look_up};
use super::programs::Programs;
use crate::{Error, Result};

/// How long a server may take to recover and answer.
const RECOVERY: Duration = Duration::from_secs(120);
/// How long remains of a killed server may stand in the way of a new one.
const REMAINS: Duration = Duration::from_secs(15);
/// A backend keeps up to this much memory for its next statement. By its own rule the C library gives the megabytes of
/// one large JSON value back at once, and half of what such a value costs is the kernel clearing its pages anew.
const MEMORY: [(&str, &str); 2] =
    [("MALLOC_TRIM_THRESHOLD_", "33554432"), ("MALLOC_MMAP_THRESHOLD_", "33554432")];
/// Size of `server.log` at which a start puts it aside.
const LONGEST_LOG: u64 = 10 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) layout: Layout,
    pub(super) programs: Programs,
    pub(super) accounts: Accounts,
    pub(super) tuning: Tuning,
}

enum Answer {
    Ready,
    ReadyButEmpty,
    NotYet,
    Nobody,
}

impl Cluster {
    /// Makes, starts and fills what is missing, until the database answers a query.
    pub(super) fn bring_up(&self) -> Result<()> {
        if self.layout.major_of_data()?.is_none() {
            self.create()?;
        }
        let began = Instant::now();
        let mut started = false;
        loop {
            match self.ask()? {
                Answer::Ready => return Ok(()),
                Answer::ReadyButEmpty => self.create_database()?,
                Answer::NotYet if began.elapsed() < RECOVERY => thread::sleep(Duration::from_millis(30)),
                Answer::Nobody if !started && began.elapsed() < REMAINS => {
                    started = self.start()?;
                }
                Answer::NotYet | Answer::Nobody => return Err(self.failed("does not answer")),
            }
        }
    }

    /// Stops the server; false when there was none to stop. `pg_ctl` signals whatever the pid file names, so a
    /// stranger's id is kept from it.
    pub(super) fn stop(&self) -> Result<bool> {
        let data = self.layout.data();
        let Some(pid) = self.layout.pid() else { return Ok(false) };
        if matches!(look_up(pid, &data), Process::Zombie | Process::Stranger) {
            return Ok(false);
        }
        let output =
            self.run(self.program("pg_ctl").args(["stop", "-m", "fast", "-w", "-s", "-D"]).arg(&data))?;
        match (output.status.success(), look_up(pid, &data)) {
            (true, _) => Ok(true),
            (false, Process::Server) => Err(self.failed("did not stop")),
            (false, _) => Ok(false),
        }
    }

    pub(super) fn connect_options(&self, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.layout.socket_dir)
            .port(5432)
            .username(NAME)
            .database(database)
            .ssl_mode(PgSslMode::Disable)
            // The default begins with a schema named like the user: ours, of how we run, and not the workspace.
            .options([("search_path", "public")])
    }

    fn create(&self) -> Result<()> {
        let aside = self.layout.data_in_the_making();
        for locale in ["C.UTF-8", "C"] {
            let _ = fs::remove_dir_all(&aside);
            let username = format!("--username={NAME}");
            let locale_option = format!("--locale={locale}");
            let options =
                // Letters as UTF-8 has them, and their order by bytes, which is the same and costs an index less.
                [&*username, &*locale_option, "--lc-collate=C", "--auth=peer", "--encoding=UTF8", "--data-checksums", "-D"];
            let output = self.run(self.program("initdb").args(options).arg(&aside))?;
            if output.status.success() {
                return self.put_in_place(&aside).map_err(|error| unusable(&aside, &error));
            }
            let said = String::from_utf8_lossy(&output.stderr);
            if locale == "C" || !said.contains("invalid locale") {
                return Err(Error::invalid(
                    format!(
                        "the local database could not be made in {}: {}",
                        self.layout.root.display(),
                        said.trim()
                    ),
                    "mend what PostgreSQL names above, or set DATABASE_URL to a PostgreSQL database",
                ));
            }
        }
        Ok(())
    }

    fn put_in_place(&self, aside: &Path) -> std::io::Result<()> {
        let mut settings = OpenOptions::new().append(true).open(aside.join("postgresql.conf"))?;
        settings.write_all(
            b"\n# Written anew at each start. To change a setting use `alter system`, which wins.\n",
        )?;
        settings.write_all(b"include 'touchline.conf'\n")?;
        settings.sync_all()?;
        fs::rename(aside, self.layout.data())?;
        File::open(&self.layout.root)?.sync_all()
    }

    /// Starts the server; false when what is left of the one before still stands in the way.
    fn start(&self) -> Result<bool> {
        self.configure().map_err(|error| unusable(&self.layout.data(), &error))?;
        if fs::metadata(self.layout.log()).is_ok_and(|log| log.len() > LONGEST_LOG) {
            let _ = fs::rename(self.layout.log(), self.layout.root.join("server.log.1"));
        }
        self.clear_remains();
        // `pg_ctl` gives the server a session of its own: Ctrl-C on our terminal does not reach it.
        let mut start = self.program("pg_ctl");
        let wait = RECOVERY.as_secs().to_string();
        start.args(["start", "-w", "-s", "-t", &wait, "-D"]).arg(self.layout.data());
        start.arg("-l").arg(self.layout.log()).stdout(Stdio::null()).stderr(Stdio::null());
        if start.status().map_err(|error| self.cannot_run(&start, &error))?.success() {
            return Ok(true);
        }
        let log = self.end_of_log();
        if !["Is another postmaster", "Is another postgres", "still in use"]
            .iter()
            .any(|words| log.contains(words))
        {
            return Err(self.failed("did not start"));
        }
        thread::sleep(Duration::from_millis(250));
        Ok(false)
    }

    /// A server that was killed outright leaves its pid file. PostgreSQL takes that away by itself, unless the id
    /// still stands for something: a dead process that nobody collected, or a stranger who was given it since. Where
    /// processes of the dead one live on, PostgreSQL sees them by the memory they share.
    fn clear_remains(&self) {
        let Some(pid) = self.layout.pid() else { return };
        if matches!(look_up(pid, &self.layout.data()), Process::Zombie | Process::Stranger) {
            let _ = fs::remove_file(self.layout.pid_file());
            let _ = fs::remove_file(self.layout.socket_lock_file());
        }
    }

    /// Alive means that a query is answered, never that a pid file exists.
    fn ask(&self) -> Result<Answer> {
        let options = self.connect_options(NAME);
        let answer = on_a_runtime(async move {
            let answer = async {
                let mut connection = PgConnection::connect_with(&options).await?;
                sqlx::query("select 1").execute(&mut connection).await?;
                connection.close().await
            };
            tokio::time::timeout(Duration::from_secs(10), answer).await
        })?;
        match answer {
            Ok(Ok(())) => Ok(Answer::Ready),
            Ok(Err(sqlx::Error::Database(error))) => match error.code().as_deref() {
                // Starting or stopping, or putting itself right after one of its processes crashed.
                Some("57P01" | "57P02" | "57P03") => Ok(Answer::NotYet),
                Some("3D000") => Ok(Answer::ReadyButEmpty),
                Some("53300") => Ok(Answer::Ready),
                _ => Err(sqlx::Error::Database(error).into()),
            },
            Ok(Err(_)) => Ok(Answer::Nobody),
            Err(_) => Ok(Answer::NotYet),
        }
    }

    fn create_database(&self) -> Result<()> {
        let options = self.connect_options("postgres");
        on_a_runtime(async move {
            let mut connection = PgConnection::connect_with(&options).await?;
            // The role bears the name of the schema for how we run, which "$user" would put before public.
            sqlx::query("alter role touchline set search_path = public").execute(&mut connection).await?;
            sqlx::query("create database touchline").execute(&mut connection).await?;
            connection.close().await
        })?
        .map_err(Error::Database)
    }

    /// A server program, run as the server's user and with none of our environment: keys and passwords are in it.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.bin.join(name));
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin").env("LC_ALL", "C");
        command.envs(MEMORY).current_dir(&self.layout.root).stdin(Stdio::null());
        if let Some(server) = &self.accounts.server {
            // Setting the user as root also takes root's further groups away.
            command.uid(server.uid).gid(server.gid);
        }
        command
    }

    fn run(&self, command: &mut Command) -> Result<Output> {
        command.output().map_err(|error| self.cannot_run(command, &error))
    }

    fn cannot_run(&self, command: &Command, error: &std::io::Error) -> Error {
        let user = &self.accounts.owner().name;
        Error::invalid(
            format!(
                "cannot run {} as the user `{user}` in {}: {error}",
                command.get_program().display(),
                self.layout.root.display()
            ),
            format!(
                "`{user}` has to be able to enter that folder and every one above it: name another place with \
                 TOUCHLINE_HOME, such as /var/lib/touchline, or run touchline as a normal user"
            ),
        )
    }

    fn failed(&self, what: &str) -> Error {
        Error::conflict(
            format!("the local database {what}; its log ends:\n{}", self.end_of_log()),
            format!(
                "the whole log is {}; mend what it names, then run the command again",
                self.layout.log().display()
            ),
        )
    }

    fn end_of_log(&self) -> String {
        let mut bytes = Vec::new();
        if let Ok(mut log) = File::open(self.layout.log()) {
            let length = log.metadata().map_or(0, |found| found.len());
            let _ = log.seek(SeekFrom::Start(length.saturating_sub(4096)));
            let _ = log.take(4096).read_to_end(&mut bytes);
        }
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(12)..].join("\n")
    }
}

/// A small runtime of its own: this is a blocking thread, and the caller's runtime may be going away.
fn on_a_runtime<T>(work: impl Future<Output = T>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(sqlx::Error::Io)?.block_on(work))
}
