//! Where the databases of a measurement come from: the server in `TOUCHLINE_TEST_DATABASE_URL`, else a private one
//! with the settings Touchline gives its own, so that a commit waits for the disk.

use anyhow::Result;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, PgPool};
use testkit::{PrivateServer, TestDatabase};

pub(crate) struct Place(Option<PrivateServer>);

/// A fresh database.
pub(crate) struct Fresh {
    pub(crate) url: String,
    pub(crate) pool: PgPool,
    /// Dropped with its value.
    _test: Option<TestDatabase>,
}

impl Place {
    pub(crate) async fn open() -> Self {
        let given = std::env::var_os("TOUCHLINE_TEST_DATABASE_URL").is_some();
        Self(if given { None } else { Some(testkit::durable_server().await) })
    }

    pub(crate) async fn fresh(&self, name: &str) -> Result<Fresh> {
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

impl Fresh {
    /// Remembers where every row lies and who wrote it.
    pub(crate) async fn mark(&self) -> Result<()> {
        sqlx::raw_sql(
            "create table bench_mark as select ctid as place, xmin::text as writer from instantly_emails_raw",
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Rows written since.
    pub(crate) async fn rewritten(&self) -> Result<i64> {
        let sql = "select count(*) from instantly_emails_raw t where not exists \
                   (select from bench_mark m where m.place = t.ctid and m.writer = t.xmin::text)";
        Ok(sqlx::query_scalar(sql).fetch_one(&self.pool).await?)
    }

    /// Count and content of the columns that both programs fill.
    pub(crate) async fn content(&self) -> Result<(i64, Option<String>)> {
        let sql = "select count(*), md5(string_agg(md5(concat_ws('|', instantly_email_id, instantly_campaign_id, \
                   email_address, event_type, event_date, raw_json)), '' order by instantly_email_id)) \
                   from instantly_emails_raw";
        Ok(sqlx::query_as(sql).fetch_one(&self.pool).await?)
    }
}
