//! A database for one test, dropped with it. Leaves the template it is cloned from to `template`.

use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use crate::server::{Server, connect, run, server};
use crate::{must, template};

/// A database of one test's own, and a pool on it as the server's superuser.
pub struct TestDatabase {
    server: &'static Server,
    name: String,
    pool: PgPool,
}

/// A database with every migration applied.
pub async fn database() -> TestDatabase {
    let server = server().await;
    create(server, Some(template::template(server).await)).await
}

/// A database with nothing in it.
pub async fn empty_database() -> TestDatabase {
    create(server().await, None).await
}

async fn create(server: &'static Server, template: Option<&str>) -> TestDatabase {
    let name = template::unique_name();
    let mut admin = server.admin().await;
    let sql = match template {
        Some(template) => format!("create database {name} template {template}"),
        None => format!("create database {name}"),
    };
    must(run(&mut admin, sql).await, "creating a test database");
    let pool = PgPoolOptions::new().max_connections(10).connect_lazy(&server.url(&name));
    TestDatabase { server, pool: must(pool, "making a pool"), name }
}

impl TestDatabase {
    /// Its address, for whatever opens it by URL.
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// Its address as another role of the server, whose password is its name.
    pub fn url_as(&self, role: &str) -> String {
        self.server.url_as(&self.name, role)
    }

    /// Its name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Connections as the server's own user.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }
}

/// Best effort: what stays is removed by a later test process.
impl Drop for TestDatabase {
    fn drop(&mut self) {
        let url = self.server.admin_url();
        let sql = format!("drop database if exists {} with (force)", self.name);
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async { run(&mut connect(&url).await.ok()?, sql).await.ok() })
        });
        let _ = dropping.join();
    }
}
