//! Where the databases of a measurement come from: the server in `TOUCHLINE_TEST_DATABASE_URL`, else a private one
//! with the settings Touchline gives its own, so that a commit waits for the disk.

use anyhow::Result;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, PgPool};
use testkit::{PrivateServer, TestDatabase};

pub struct Place(Option<PrivateServer>);

/// A fresh database.
pub struct Fresh {
    pub url: String,
    pub pool: PgPool,
    /// Dropped with its value.
    _test: Option<TestDatabase>,
}

impl Place {
    pub async fn open() -> Self {
        let given = std::env::var_os("TOUCHLINE_TEST_DATABASE_URL").is_some();
        Self(if given { None } else { Some(testkit::durable_server().await) })
    }

    pub async fn fresh(&self, name: &str) -> Result<Fresh> {
        let Some(server) = &self.0 else {
            let test = testkit::empty_database().await;
            return Ok(Fresh { url: test.url(), pool: test.pool().clone(), _test: Some(test) });
        };
        let admin = PgPoolOptions::new().max_connections(1).connect(&server.url("touchline")).await?;
        for sql in ["drop database if exists {name} with (force)", "create database {name}"] {
            sqlx::query(AssertSqlSafe(sql.replace("{name}", name))).execute(&admin).await?;
        }
        admin.close().await;
        let url = server.url(name);
        Ok(Fresh { pool: PgPoolOptions::new().max_connections(1).connect_lazy(&url)?, url, _test: None })
    }
}
