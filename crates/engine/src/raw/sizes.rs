//! How many records a raw table holds, without counting millions on a page.

use serde::Serialize;
use sqlx::{AssertSqlSafe, PgPool};

use super::RawTable;
use crate::Result;

/// Up to here it is counted.
const COUNTED: i64 = 20_000;

/// How many records there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Size {
    pub records: i64,
    /// PostgreSQL's estimate instead of a count.
    pub about: bool,
}

/// The size of a raw table.
pub async fn size(pool: &PgPool, table: &RawTable) -> Result<Size> {
    let sql = format!("select count(*) from (select from {} limit {}) as listed", table.name, COUNTED + 1);
    let records: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(pool).await?;
    if records <= COUNTED {
        return Ok(Size { records, about: false });
    }
    let estimate: i64 =
        sqlx::query_scalar("select greatest(reltuples, 0)::bigint from pg_class where oid = to_regclass($1)")
            .bind(table.name)
            .fetch_one(pool)
            .await?;
    Ok(Size { records: estimate.max(records), about: true })
}
