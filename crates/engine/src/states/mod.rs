//! How each enrollment and person stands: steps that run after those of all sources, over the leads that were touched.
//! They know kinds of touches, never vendors. Leaves what vendors' own records say to the sources' `standings`.

pub mod stops;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::normalise::{self, Written};
use crate::source::Step;
use crate::sources;
use crate::{Result, funnel, settings};

/// Events that waited for their person.
const LATE_PEOPLE: Step = Step::new("late people", include_str!("10_late_people.sql"));

/// Who else is looked at again.
const COLLEAGUES: Step = Step::new("colleagues", include_str!("11_colleagues.sql"));

/// How they stand, in order; each may be run again at any time.
const STATES: &[Step] = &[
    Step::new("enrollments", include_str!("20_enrollments.sql")),
    Step::new("abandoned enrollments", include_str!("21_abandoned_enrollments.sql")),
    Step::new("event enrollments", include_str!("22_event_enrollments.sql")),
    Step::new("signals", include_str!("30_signals.sql")),
    Step::new("enrollment states", include_str!("40_enrollment_states.sql")),
    Step::new("lead states", include_str!("50_lead_states.sql")),
    Step::new("stops", include_str!("60_stops.sql")),
    Step::new("suppressions", include_str!("61_suppressions.sql")),
    Step::new("stop receipts", include_str!("62_receipts.sql")),
];

/// Steps that only fill tables of this transaction, and the ledger, which is no conclusion from what raw holds.
const NO_CONCLUSION: &[&str] = &["colleagues", "signals", "stop receipts"];

/// The tables that the steps share, for this transaction.
pub(crate) async fn begin(tx: &mut PgConnection) -> Result<()> {
    sqlx::raw_sql(include_str!("temporary.sql")).execute(tx).await?;
    Ok(())
}

/// Finds the people of events that waited for them, and works out how everybody in `touched_leads` stands.
pub(crate) async fn fold(tx: &mut PgConnection, now: Timestamp) -> Result<Vec<Written>> {
    let mut written = Vec::new();
    run(tx, &LATE_PEOPLE, now, &mut written).await?;
    written.extend(stand(tx, now).await?);
    Ok(written)
}

async fn stand(tx: &mut PgConnection, now: Timestamp) -> Result<Vec<Written>> {
    sqlx::raw_sql("delete from vendor_standings; delete from signals").execute(&mut *tx).await?;
    let mut written = Vec::new();
    run(tx, &COLLEAGUES, now, &mut written).await?;
    sqlx::query("analyze touched_leads").execute(&mut *tx).await?;
    for step in sources::SOURCES.iter().flat_map(|source| source.standings) {
        run(tx, step, now, &mut Vec::new()).await?;
    }
    sqlx::query("analyze vendor_standings").execute(&mut *tx).await?;
    for step in STATES {
        if step.name == "enrollment states" {
            sqlx::query("analyze signals").execute(&mut *tx).await?;
        }
        run(tx, step, now, &mut written).await?;
    }
    written.retain(|step| !NO_CONCLUSION.contains(&step.step));
    Ok(written)
}

/// Works out anew how these people stand; where nothing was tampered with, nothing changes.
pub async fn again(pool: &PgPool, leads: &[Uuid], now: Timestamp) -> Result<Vec<Written>> {
    let mut tx = pool.begin().await?;
    normalise::begin(&mut tx).await?;
    let written = of(&mut tx, leads, now).await?;
    tx.commit().await?;
    Ok(written)
}

/// Whether a stop of one person stops everybody of the company, in campaigns that do not say otherwise. What was said
/// before counts, too: everybody is looked at again.
pub async fn stop_company(pool: &PgPool, whole_company: bool, now: Timestamp) -> Result<()> {
    let mut tx = pool.begin().await?;
    normalise::begin(&mut tx).await?;
    settings::set(&mut *tx, settings::STOP_COMPANY, &whole_company.into(), now).await?;
    sqlx::query("insert into touched_leads (lead_id) select id from leads where company_id is not null")
        .execute(&mut *tx)
        .await?;
    of(&mut tx, &[], now).await?;
    tx.commit().await?;
    Ok(())
}

/// The same within a transaction that [`normalise::begin`] has begun.
pub(crate) async fn of(tx: &mut PgConnection, leads: &[Uuid], now: Timestamp) -> Result<Vec<Written>> {
    sqlx::query(
        "insert into touched_leads (lead_id) select distinct unnest($1::uuid[]) on conflict do nothing",
    )
    .bind(leads)
    .execute(&mut *tx)
    .await?;
    let mut written = stand(tx, now).await?;
    written.extend(funnel::recount(tx).await?);
    Ok(written)
}

async fn run(tx: &mut PgConnection, step: &Step, now: Timestamp, written: &mut Vec<Written>) -> Result<()> {
    let rows = sqlx::query(step.sql).bind(now.to_sqlx()).execute(&mut *tx).await?.rows_affected();
    tracing::debug!(step = step.name, rows, "folded");
    written.push(Written { step: step.name, rows });
    Ok(())
}
