//! The server that all tests of this process use, opened once. Leaves what is on it to the other files.

use std::path::PathBuf;

use engine::db::local::{self, LocalServer, ServerSearch, Tuning};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::OnceCell;

use crate::{must, template};

/// Roles besides our own that test servers let this user log in as.
const ROLES: [&str; 2] = ["sb_postgres", "authenticator"];

static SERVER: OnceCell<Server> = OnceCell::const_new();

pub(crate) struct Server {
    address: Address,
    admin_database: String,
    /// Marks the server as in use for as long as this process lives.
    _local: Option<LocalServer>,
}

/// How a database of a server is written as a URL.
pub(crate) enum Address {
    Socket(PathBuf),
    Url(String),
}

pub(crate) async fn server() -> &'static Server {
    SERVER.get_or_init(open).await
}

async fn open() -> Server {
    let server = match std::env::var("TOUCHLINE_TEST_DATABASE_URL") {
        Ok(url) => {
            let options: PgConnectOptions = must(url.parse(), "reading TOUCHLINE_TEST_DATABASE_URL");
            let admin_database = options.get_database().unwrap_or("postgres").to_owned();
            Server { address: Address::Url(url), admin_database, _local: None }
        }
        Err(_) => {
            let local = must(open_shared().await, "opening the test server");
            let address = Address::Socket(local.socket_dir().to_owned());
            Server { address, admin_database: "postgres".into(), _local: Some(local) }
        }
    };
    template::remove_leftovers(&server).await;
    server
}

async fn open_shared() -> engine::Result<LocalServer> {
    let root = std::env::temp_dir().join(format!("touchline-test-{}", local::effective_uid()?));
    LocalServer::open_with(&root, &search(), &fast()).await
}

/// Stops the server that test processes share, unless one of them is still at work; true when it was stopped.
pub async fn stop_shared_server() -> bool {
    let server = must(open_shared().await, "opening the test server");
    must(server.close().await, "stopping the test server")
}

/// The programs of this machine.
pub(crate) fn search() -> ServerSearch {
    ServerSearch::new(None, std::env::var_os("PATH").as_deref())
}

/// For the server that all tests share: nothing has to outlive it.
fn fast() -> Tuning {
    let mut tuning = quick_but_safe();
    let further = [("synchronous_commit", "off"), ("full_page_writes", "off"), ("max_connections", "500")];
    tuning.settings.extend(further.map(|(name, value)| (name.into(), value.into())));
    tuning
}

/// For a server that is killed: what it said was committed stays so, as long as the machine itself stays up.
pub(crate) fn quick_but_safe() -> Tuning {
    let settings = [("fsync", "off"), ("shared_buffers", "128MB"), ("checkpoint_timeout", "30min")];
    Tuning {
        settings: settings.map(|(name, value)| (name.into(), value.into())).into(),
        roles: ROLES.map(Into::into).into(),
    }
}

impl Server {
    /// The address of a database on this server, as the server's own user.
    pub(crate) fn url(&self, database: &str) -> String {
        self.address.url(database, None)
    }

    /// The address of a database on this server, as another role whose password is its name.
    pub(crate) fn url_as(&self, database: &str, role: &str) -> String {
        self.address.url(database, Some(role))
    }

    /// The database from which others are created and dropped.
    pub(crate) fn admin_url(&self) -> String {
        self.url(&self.admin_database)
    }

    /// A connection to it.
    pub(crate) async fn admin(&self) -> PgConnection {
        must(connect(&self.admin_url()).await, "connecting to the test server")
    }
}

impl Address {
    pub(crate) fn url(&self, database: &str, role: Option<&str>) -> String {
        match self {
            Self::Socket(folder) => {
                let role = role.unwrap_or(local::NAME);
                format!(
                    "postgres:///{database}?host={}&user={role}&sslmode=disable",
                    encoded(&folder.to_string_lossy())
                )
            }
            Self::Url(url) => {
                let (front, query) = url.split_once('?').unwrap_or((url, ""));
                let authority_at = front.find("://").map_or(0, |at| at + 3);
                let path_at = front[authority_at..].find('/').map_or(front.len(), |at| authority_at + at);
                let mut url = format!("{}/{database}?{query}", &front[..path_at]);
                if let Some(role) = role {
                    url += &format!("&user={role}&password={role}");
                }
                url.trim_end_matches('?').into()
            }
        }
    }
}

pub(crate) async fn connect(url: &str) -> sqlx::Result<PgConnection> {
    PgConnection::connect(url).await
}

/// Runs statements of our own making, several at once if need be.
pub(crate) async fn run(connection: &mut PgConnection, sql: impl Into<String>) -> sqlx::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql.into())).execute(connection).await.map(|_| ())
}

fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(byte);
    text.bytes().map(|b| if plain(&b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
