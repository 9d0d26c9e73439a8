//! What a sync left in the table that both programs fill, and what a second one wrote anew.

use anyhow::Result;
use sqlx::PgPool;

/// Remembers where every row lies and who wrote it.
pub(crate) async fn mark(pool: &PgPool) -> Result<()> {
    sqlx::raw_sql(
        "create table bench_mark as select ctid as place, xmin::text as writer from instantly_emails_raw",
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Rows written since.
pub(crate) async fn rewritten(pool: &PgPool) -> Result<i64> {
    let sql = "select count(*) from instantly_emails_raw t where not exists \
               (select from bench_mark m where m.place = t.ctid and m.writer = t.xmin::text)";
    Ok(sqlx::query_scalar(sql).fetch_one(pool).await?)
}

/// Count and content of the columns that both programs fill.
pub(crate) async fn content(pool: &PgPool) -> Result<(i64, Option<String>)> {
    let sql = "select count(*), md5(string_agg(md5(concat_ws('|', instantly_email_id, instantly_campaign_id, \
               email_address, event_type, event_date, raw_json)), '' order by instantly_email_id)) \
               from instantly_emails_raw";
    Ok(sqlx::query_as(sql).fetch_one(pool).await?)
}
