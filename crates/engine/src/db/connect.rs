//! Opens the database: the one that a URL names, else the private local server.
//! Leaves the words of a refused connection to `connect_error`, making a server to `local`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, Executor, PgConnection, PgPool};

use super::address::Address;
use super::connect_error;
use super::local::{LocalServer, NAME, OLDEST_MAJOR, ServerSearch};
use crate::{Error, Result};

/// How long a connection may take to come about. A server that went down is noticed after this long at the latest.
const PATIENCE: Duration = Duration::from_secs(15);

/// The same for the private server: the sooner we know that it is down, the sooner we bring it back.
const LOCAL_PATIENCE: Duration = Duration::from_secs(2);

/// What decides which database is opened.
#[derive(Clone)]
pub struct Settings {
    /// `DATABASE_URL`; without one, the private local server.
    pub url: Option<String>,
    /// Touchline's own folder; the local server lies in `pg` below it.
    pub home: PathBuf,
    /// The only directory to look for server programs in.
    pub server_dir: Option<PathBuf>,
    /// The value of `PATH`, for the search for server programs.
    pub path: Option<OsString>,
    /// The most connections at a time. A small Supabase project has 15 for everybody.
    pub max_connections: u32,
    /// Shown in `pg_stat_activity`.
    pub application_name: String,
}

impl Settings {
    /// The private local server below `home`, until a URL is set.
    pub fn new(home: impl Into<PathBuf>) -> Self {
        Self {
            url: None,
            home: home.into(),
            server_dir: None,
            path: None,
            max_connections: 10,
            application_name: NAME.into(),
        }
    }

    /// The same settings on a database by URL.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }
}

/// Connections as we use them: many short statements over large tables. The server guesses that some of these are worth
/// compiling, which takes seconds where running them takes milliseconds. Said on each connection, not at its start: what
/// pools connections for others refuses settings there.
pub fn pool_options() -> PgPoolOptions {
    PgPoolOptions::new().after_connect(|connection, _| {
        Box::pin(async move {
            connection.execute("set jit = off").await?;
            Ok(())
        })
    })
}

/// An open database: a pool, and where it leads.
pub struct Database {
    pool: PgPool,
    place: Place,
    server_version: String,
}

enum Place {
    Url(Box<Address>),
    Local(LocalServer),
}

impl Database {
    /// Opens the database and makes sure that it answers and is new enough. Does not migrate. The database's own
    /// `search_path` holds, or the one in the URL's `options`; only the schema for how we run is kept out of it.
    pub async fn open(settings: Settings) -> Result<Self> {
        let place = match &settings.url {
            Some(url) => Place::Url(Box::new(Address::parse(url)?)),
            None => {
                let search = ServerSearch::new(settings.server_dir, settings.path.as_deref());
                Place::Local(LocalServer::open(&settings.home.join("pg"), &search).await?)
            }
        };
        let mut options = place.options().application_name(&settings.application_name);
        let server = match check(&options, &place).await {
            Ok(server) => server,
            Err(error) => {
                place.close().await?;
                return Err(error);
            }
        };
        if let Some(path) = workspace_path(&server.search_path, &server.user) {
            options = options.options([("search_path", path)]);
        }
        let patience = if matches!(place, Place::Local(_)) { LOCAL_PATIENCE } else { PATIENCE };
        let pool = pool_options()
            .max_connections(settings.max_connections)
            .acquire_timeout(patience)
            .connect_lazy_with(options);
        Ok(Self { pool, place, server_version: server.version })
    }

    /// The connections.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// True for the private local server, false for a database by URL.
    pub fn is_local(&self) -> bool {
        matches!(self.place, Place::Local(_))
    }

    /// After a lost connection: starts the local server again where it is down. A database by URL is its owner's
    /// to start.
    pub async fn ensure_running(&self) -> Result<()> {
        match &self.place {
            Place::Url(_) => Ok(()),
            Place::Local(server) => server.ensure_running().await,
        }
    }

    /// Asks whether the database answers, and starts a local server again that does not.
    pub async fn look_after(&self) -> Result<()> {
        match sqlx::query("select 1").execute(&self.pool).await.map_err(Error::from) {
            Err(error) if error.is_outage() => self.ensure_running().await,
            answer => answer.map(|_| ()),
        }
    }

    /// Which database this is, for people; without secrets.
    pub fn describe(&self) -> String {
        let version = &self.server_version;
        match &self.place {
            Place::Url(address) => format!(
                "PostgreSQL {version} at {}, database `{}`, user `{}`",
                address.place(),
                address.database(),
                address.options.get_username()
            ),
            Place::Local(server) => {
                format!("PostgreSQL {version}, the private local server in {}", server.root().display())
            }
        }
    }

    /// `psql` on this database. The password goes through the environment: arguments show in `ps`.
    pub fn psql_command<I, S>(&self, args: I) -> Command
    where
        I: IntoIterator<Item = S>,
        S: AsRef<std::ffi::OsStr>,
    {
        let mut psql = match &self.place {
            Place::Url(address) => {
                let mut psql = Command::new("psql");
                address.give_to(&mut psql);
                psql
            }
            Place::Local(server) => {
                let mut psql = Command::new(server.program("psql").unwrap_or_else(|| "psql".into()));
                psql.env("PGHOST", server.socket_dir()).env("PGPORT", "5432");
                psql.env("PGUSER", NAME).env("PGDATABASE", NAME).env("PGSSLMODE", "disable");
                psql.env("PGOPTIONS", "-c search_path=public");
                for foreign in ["PGHOSTADDR", "PGSERVICE", "PGPASSWORD"] {
                    psql.env_remove(foreign);
                }
                psql
            }
        };
        psql.args(args);
        psql
    }

    /// Closes the connections; true when this was the last user of the local server and it was stopped.
    pub async fn close(self) -> Result<bool> {
        self.pool.close().await;
        self.place.close().await
    }
}

impl Place {
    fn options(&self) -> PgConnectOptions {
        match self {
            Self::Url(address) => address.options.clone(),
            Self::Local(server) => server.connect_options(NAME),
        }
    }

    async fn close(self) -> Result<bool> {
        match self {
            Self::Url(_) => Ok(false),
            Self::Local(server) => server.close().await,
        }
    }
}

/// The path without the schema for how we run, where it leads there: people's tables must not land in it. A role
/// named `touchline` gets there by `"$user"`.
fn workspace_path(search_path: &str, user: &str) -> Option<String> {
    let entries: Vec<&str> = search_path.split(',').map(str::trim).collect();
    let is_ours = |entry: &&str| {
        let entry = entry.trim_matches('"');
        entry == NAME || (entry == "$user" && user == NAME)
    };
    if !entries.iter().any(is_ours) {
        return None;
    }
    let kept: Vec<&str> = entries.into_iter().filter(|entry| !is_ours(entry)).collect();
    Some(if kept.is_empty() { "public".into() } else { kept.join(",") })
}

/// What the server says of itself.
struct Server {
    version: String,
    search_path: String,
    user: String,
}

/// One connection of its own, whose failure is told at once and in words; a pool would try again for long.
async fn check(options: &PgConnectOptions, place: &Place) -> Result<Server> {
    let asked = async {
        let mut connection = PgConnection::connect_with(options).await?;
        let told: (i32, String, String, String) = sqlx::query_as(
            "select current_setting('server_version_num')::int,
                    split_part(current_setting('server_version'), ' ', 1),
                    current_setting('search_path'),
                    current_user::text",
        )
        .fetch_one(&mut connection)
        .await?;
        connection.close().await?;
        Ok(told)
    };
    let (number, version, search_path, user) = match (tokio::time::timeout(PATIENCE, asked).await, place) {
        (Ok(Ok(told)), _) => told,
        (Ok(Err(error)), Place::Url(address)) => return Err(connect_error::explain(error, address)),
        (Ok(Err(error)), Place::Local(_)) => return Err(Error::Database(error)),
        (Err(_), Place::Url(address)) => return Err(connect_error::too_slow(address)),
        (Err(_), Place::Local(_)) => return Err(Error::Database(sqlx::Error::PoolTimedOut)),
    };
    if u32::try_from(number).unwrap_or(0) < OLDEST_MAJOR * 10_000 {
        return Err(connect_error::too_old(&version, OLDEST_MAJOR));
    }
    Ok(Server { version, search_path, user })
}

#[cfg(test)]
mod tests {
    use super::workspace_path;

    #[test]
    fn the_schema_for_how_we_run_is_kept_out_of_the_search_path() {
        let path = |path, user| workspace_path(path, user);
        assert_eq!(path("\"$user\", public", "ada"), None);
        assert_eq!(path("\"$user\", public, extensions", "touchline").as_deref(), Some("public,extensions"));
        assert_eq!(path("touchline", "ada").as_deref(), Some("public"));
        assert_eq!(path("lab", "touchline"), None);
    }
}
