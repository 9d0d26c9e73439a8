//! The migrations, embedded, and the runner that applies them forward-only under one lock.
//! Leaves databases that were made by hand to `adopt`.

use sqlx::{Connection, PgConnection, PgPool};

use super::{
    access, adopt,
    ledger::{self, How},
    plan::{Action, Plan, PlanStep},
    trouble,
};
use crate::Result;

/// One file of `migrations/`.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its number; applied in this order.
    pub version: i32,
    /// What it brings, from the file name.
    pub name: &'static str,
    pub sql: &'static str,
}

macro_rules! migrations {
    ($($version:literal $name:literal),* $(,)?) => {
        &[$(Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!("../../../../migrations/", $name, ".sql")),
        }),*]
    };
}

/// Every migration, in order.
pub const MIGRATIONS: &[Migration] = migrations![
    1 "0001_users",
    2 "0002_instantly_raw",
    3 "0003_csv_imports_raw",
    4 "0004_offers",
    5 "0005_companies",
    6 "0006_leads",
    7 "0007_campaigns",
    8 "0008_campaign_leads",
    9 "0009_events",
    10 "0010_instantly_further_raw",
    11 "0011_raw_history",
    12 "0012_lead_identities",
    13 "0013_sync_state",
    14 "0014_normalise_helpers",
    15 "0015_csv_import",
];

/// One migrates, others wait; the number is arbitrary and ours.
const LOCK: i64 = 0x746f_7563_686c_696e;

/// Brings the database to the current schema and says what was done. A second run does nothing.
///
/// Each migration is a transaction of its own with its record, so a kill half-way leaves whole migrations, and the
/// next run goes on with the first that is missing.
pub async fn migrate(pool: &PgPool) -> Result<Plan> {
    let mut connection = lock(pool).await?;
    let plan = bring_up_to_date(&mut connection).await;
    // Closing gives the lock back; where that fails the server does it.
    connection.close().await.ok();
    plan
}

/// What [`migrate`] would do. Done for real in a transaction that is rolled back, so nothing changes; like
/// `migrate`, it holds locks on tables made by hand while it works.
pub async fn plan(pool: &PgPool) -> Result<Plan> {
    let mut connection = lock(pool).await?;
    let mut rehearsal = connection.begin().await?;
    let plan = bring_up_to_date(&mut rehearsal).await;
    rehearsal.rollback().await?;
    connection.close().await.ok();
    plan
}

/// Whether every migration is there already; looks only.
pub async fn is_current(pool: &PgPool) -> Result<bool> {
    let mut connection = pool.acquire().await?;
    Ok(ledger::pending(&mut connection).await?.is_empty())
}

/// A connection of our own that holds the lock: session-wide, so that it outlives each migration's transaction, and
/// gone with the connection, whatever ends it.
async fn lock(pool: &PgPool) -> Result<PgConnection> {
    let mut connection = pool.acquire().await?.detach();
    sqlx::raw_sql(
        "set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0",
    )
    .execute(&mut connection)
    .await?;
    sqlx::query("select pg_advisory_lock($1)").bind(LOCK).execute(&mut connection).await?;
    sqlx::raw_sql("set lock_timeout = '5s'").execute(&mut connection).await?;
    Ok(connection)
}

/// In `migrate` each `begin` is a transaction; in `plan`, inside the rehearsal's, a savepoint.
async fn bring_up_to_date(connection: &mut PgConnection) -> Result<Plan> {
    let mut plan = Plan::default();
    let pending = ledger::pending(connection).await?;
    if !pending.is_empty() {
        trouble::check_rights(connection).await?;
        adopt::refuse_taken_names(connection, &pending).await?;
        let mut transaction = connection.begin().await?;
        ledger::prepare(&mut transaction).await?;
        adopt::adopt(&mut transaction, &pending, &mut plan).await?;
        transaction.commit().await?;
    }
    for migration in ledger::pending(connection).await? {
        let mut transaction = connection.begin().await?;
        trouble::run(&mut transaction, &format!("migration `{}`", migration.name), migration.sql).await?;
        ledger::record(&mut transaction, migration, How::Applied).await?;
        transaction.commit().await?;
        plan.push(PlanStep::new(Action::Apply, migration.name, "not there yet", migration.sql));
    }
    if access::is_open(connection).await? {
        let mut transaction = connection.begin().await?;
        access::lock_down(&mut transaction, &mut plan).await?;
        transaction.commit().await?;
    }
    Ok(plan)
}
