//! Works the whole normalised layer out anew from raw and says what came out differently. People's own edits and
//! other sources' rows stay: the steps only write what normalisation itself wrote before.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{AssertSqlSafe, PgPool};

use super::{Share, Written, begin, run_steps, take};
use crate::Result;
use crate::funnel;
use crate::sources;

/// What a rebuild found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    /// Raw records it was worked out from.
    pub records: u64,
    /// Rows that were missing or different, by step; empty where nothing differs.
    pub differences: Vec<Written>,
    /// Whether the differences were put right (false: only looked).
    pub applied: bool,
}

impl Rebuilt {
    /// Rows that differed, over all steps.
    pub fn rows(&self) -> u64 {
        self.differences.iter().map(|difference| difference.rows).sum()
    }
}

/// Rebuilds in one transaction; `look_only` takes everything back.
pub async fn rebuild(pool: &PgPool, now: Timestamp, look_only: bool) -> Result<Rebuilt> {
    let mut tx = pool.begin().await?;
    begin(&mut tx).await?;
    // What was only waiting to be normalised is no difference.
    take(&mut tx, Share::All).await?;
    run_steps(&mut tx, now).await?;
    sqlx::raw_sql("truncate changed, touched_leads").execute(&mut *tx).await?;
    funnel::count_everything_again(&mut tx).await?;
    let mut records = 0;
    for table in sources::raw_tables() {
        let every = format!(
            "insert into changed (raw_table, record_key) select '{0}', {1} from {0} t where {1} is not null on conflict do nothing",
            table.name, table.key
        );
        records += sqlx::query(AssertSqlSafe(every)).execute(&mut *tx).await?.rows_affected();
    }
    sqlx::query("insert into touched_leads (lead_id) select id from leads on conflict do nothing")
        .execute(&mut *tx)
        .await?;
    let surplus = sqlx::query(include_str!("surplus_events.sql")).execute(&mut *tx).await?.rows_affected();
    let mut differences = vec![Written { step: "events without a raw message", rows: surplus }];
    differences.extend(run_steps(&mut tx, now).await?);
    differences.push(funnel::check_sums(&mut tx).await?);
    differences.retain(|written| written.rows > 0);
    if look_only {
        tx.rollback().await?;
    } else {
        tx.commit().await?;
    }
    Ok(Rebuilt { records, differences, applied: !look_only })
}
