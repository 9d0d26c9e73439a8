//! Who may touch our tables: row-level security is on, and neither everybody nor an API's anonymous role holds a grant.
//! Asked after every migrate; states only what is missing, so a closed database is left alone.

use sqlx::PgConnection;

use super::{
    made,
    plan::{Action, Plan, PlanStep},
    trouble,
};
use crate::Result;

const OPEN: &str = include_str!("access.sql");

/// Closes what stands open, in the transaction `connection` is in.
pub(super) async fn lock_down(connection: &mut PgConnection, plan: &mut Plan) -> Result<()> {
    for (subject, what, sql) in open(connection).await? {
        trouble::run(connection, &format!("closing `{subject}`"), &sql).await?;
        plan.push(PlanStep::new(Action::LockDown, subject, what, sql));
    }
    Ok(())
}

/// Whether anything stands open.
pub(super) async fn is_open(connection: &mut PgConnection) -> Result<bool> {
    Ok(!open(connection).await?.is_empty())
}

/// Subject, reason and statement for each thing that stands open.
async fn open(connection: &mut PgConnection) -> Result<Vec<(String, String, String)>> {
    Ok(sqlx::query_as(OPEN).bind(made::relations()).bind(made::functions()).fetch_all(connection).await?)
}
