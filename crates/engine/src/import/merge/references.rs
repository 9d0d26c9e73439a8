//! What the rows of a part refer to, held until its transaction ends. Foreign keys ask row by row, half a million times
//! for 100,000 people; here each company and lead is asked for once a part and locked as they would lock it. Where that
//! is done, and nothing but our foreign keys hangs on the tables, their row-by-row asking is left out.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::import::HashSet;

/// Whether this session may leave it out at all: a right that the owner of a private server has, and others may not.
pub(in crate::import) async fn may_leave_out(connection: &mut PgConnection) -> bool {
    sqlx::query("set session_replication_role = origin").execute(connection).await.is_ok()
}

/// Holds companies and people that a part refers to; whether all of them are there.
pub(super) async fn hold(
    tx: &mut PgConnection,
    companies: HashSet<Uuid>,
    leads: HashSet<Uuid>,
) -> Result<bool> {
    if companies.is_empty() && leads.is_empty() {
        return Ok(true);
    }
    let (companies, leads) = (in_order(companies), in_order(leads));
    let (held_companies, held_leads): (i64, i64) =
        sqlx::query_as(include_str!("hold.sql")).bind(&companies).bind(&leads).fetch_one(tx).await?;
    Ok(held_companies.unsigned_abs() == companies.len() as u64
        && held_leads.unsigned_abs() == leads.len() as u64)
}

/// Leaves the row-by-row asking out for all transactions to come, or for none: each switch makes a session forget the plans
/// of its statements. [`leave_out`] looks in each transaction whether it may be so; a connection that is gone shows there.
pub(in crate::import) async fn leave_out_for_long(connection: &mut PgConnection, leaves_out: bool) {
    let role = if leaves_out { "replica" } else { "origin" };
    let set = sqlx::query("select set_config('session_replication_role', $1, false)").bind(role);
    let _ = set.execute(connection).await;
}

/// Leaves the row-by-row asking out for the rest of the transaction, if only our foreign keys would ask; else asks.
pub(super) async fn leave_out(tx: &mut PgConnection) -> Result<()> {
    let (only_ours, is_left_out): (bool, bool) =
        sqlx::query_as(include_str!("only_ours.sql")).fetch_one(&mut *tx).await?;
    match (only_ours, is_left_out) {
        (true, false) => sqlx::query("set local session_replication_role = replica").execute(tx).await?,
        (false, true) => sqlx::query("set local session_replication_role = origin").execute(tx).await?,
        _ => return Ok(()),
    };
    Ok(())
}

/// Everybody locks in one order.
fn in_order(ids: HashSet<Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    ids.sort();
    ids
}
