//! Writes what became of deliveries.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// One delivery that is done with.
pub(super) struct Settled {
    pub(super) id: Uuid,
    /// Why it was set aside; None: it was understood.
    pub(super) reason: Option<String>,
}

pub(super) async fn settle(tx: &mut PgConnection, settled: &[Settled], now: Timestamp) -> Result<()> {
    if settled.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("settle.sql"))
        .bind(settled.iter().map(|one| one.id).collect::<Vec<_>>())
        .bind(settled.iter().map(|one| one.reason.as_deref()).collect::<Vec<_>>())
        .bind(now.to_sqlx())
        .execute(tx)
        .await?;
    Ok(())
}
