//! The template that test databases are cloned from, made once for each state of the migrations; and the tidying of
//! what earlier test processes left. Leaves the databases themselves to `database`.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use engine::db::migrate::migrate;
use engine::db::migrations::MIGRATIONS;
use sqlx::{PgConnection, PgPool};
use tokio::sync::OnceCell;

use crate::must;
use crate::server::{Server, run};

/// Templates of other branches are left alone, but not without end.
const TEMPLATES_KEPT: i64 = 6;

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static COUNTER: AtomicU32 = AtomicU32::new(0);

/// Brings an empty database to the current schema. The one place that knows how.
async fn apply_schema(pool: &PgPool) -> engine::Result<()> {
    migrate(pool).await.map(|_| ())
}

/// The name of the template, which is made if it is missing: by one process, however many ask at once.
pub(crate) async fn template(server: &Server) -> &'static str {
    TEMPLATE
        .get_or_init(|| async { must(make(server).await, "making the template of the test databases") })
        .await
}

async fn make(server: &Server) -> engine::Result<String> {
    let mut hasher = DefaultHasher::new();
    MIGRATIONS.iter().for_each(|migration| (migration.name, migration.sql).hash(&mut hasher));
    let name = format!("touchline_template_{:016x}", hasher.finish());
    let mut admin = server.admin().await;
    if exists(&mut admin, &name).await? {
        return Ok(name);
    }
    lock(&mut admin).await?;
    if exists(&mut admin, &name).await? {
        return Ok(name);
    }
    let making = format!("{name}_making");
    run(&mut admin, format!("drop database if exists {making} with (force)")).await?;
    run(&mut admin, format!("create database {making}")).await?;
    let pool = PgPool::connect(&server.url(&making)).await?;
    apply_schema(&pool).await?;
    pool.close().await;
    // Closed to everybody: a database that somebody is connected to cannot be cloned.
    run(&mut admin, format!("alter database {making} allow_connections false")).await?;
    run(&mut admin, format!("alter database {making} rename to {name}")).await?;
    let old = "select datname from pg_database where datname ~ '^touchline_template_[0-9a-f]{16}$' order by oid desc offset $1";
    for name in sqlx::query_scalar::<_, String>(old).bind(TEMPLATES_KEPT).fetch_all(&mut admin).await? {
        let _ = run(&mut admin, format!("drop database if exists {name}")).await;
    }
    Ok(name)
}

/// Held until the connection ends; shared by everything that changes more than one test's database.
pub(crate) async fn lock(admin: &mut PgConnection) -> sqlx::Result<()> {
    run(admin, "select pg_advisory_lock(hashtext('touchline testkit'))").await
}

async fn exists(admin: &mut PgConnection, name: &str) -> sqlx::Result<bool> {
    let sql = "select exists (select from pg_database where datname = $1)";
    sqlx::query_scalar(sql).bind(name).fetch_one(admin).await
}

/// A name nobody else has, which tells whose it is: `touchline_test_<machine>_<process>_<time>_<count>`.
pub(crate) fn unique_name() -> String {
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    format!("touchline_test_{}_{}_{time:x}_{count}", machine(), process::id())
}

/// Drops the databases of test processes of this machine that no longer live.
pub(crate) async fn remove_leftovers(server: &Server) {
    let mut admin = server.admin().await;
    let prefix = format!("touchline_test_{}_", machine());
    let sql = "select datname from pg_database where starts_with(datname, $1)";
    let names: Vec<String> =
        must(sqlx::query_scalar(sql).bind(&prefix).fetch_all(&mut admin).await, "listing the test databases");
    for name in names {
        let process = name[prefix.len()..].split('_').next().and_then(|pid| pid.parse().ok());
        if process.is_some_and(|pid| !is_alive(pid)) {
            // Two processes may tidy at once: the one that comes second finds nothing, or an error that is no matter.
            let _ = run(&mut admin, format!("drop database if exists {name} with (force)")).await;
        }
    }
}

fn is_alive(pid: u32) -> bool {
    if Path::new("/proc/self").exists() {
        return Path::new(&format!("/proc/{pid}")).exists();
    }
    let ps = Command::new("ps").args(["-p", &pid.to_string()]).stdout(Stdio::null()).status();
    ps.map_or(true, |status| status.success())
}

/// Process ids mean something on one machine and within one container only.
fn machine() -> String {
    let mut hasher = DefaultHasher::new();
    for file in ["/etc/hostname", "/proc/sys/kernel/random/boot_id"] {
        std::fs::read(file).unwrap_or_default().hash(&mut hasher);
    }
    format!("{:08x}", hasher.finish() as u32)
}
