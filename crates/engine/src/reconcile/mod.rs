//! Ours against theirs: each total we hold beside the vendor's own counter, whether the two can be compared, and why they
//! differ. Leaves what is counted, and what explains a difference, to the sources.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::Result;
use crate::sources;

/// What came of comparing one total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ReconcileVerdict)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Same,
    /// They could be compared, and nothing explains it.
    Different,
    NotComparable,
}

impl Verdict {
    /// As people read it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
            Self::NotComparable => "not comparable",
        }
    }
}

/// One total, ours beside the vendor's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ReconciledTotal)]
pub struct Total {
    /// Campaign of ours; null: the whole workspace, or a campaign that is not ours yet.
    pub campaign_id: Option<Uuid>,
    /// Its name, or `Workspace`.
    pub place: String,
    /// The vendor's name of the counter, or the day it is of.
    pub metric: String,
    /// What is counted, in words.
    pub label: String,
    pub ours: i64,
    pub vendor: i64,
    pub delta: i64,
    pub comparable: bool,
    pub verdict: Verdict,
    pub why: Option<String>,
    /// What to do about it.
    pub repair: Option<String>,
}

/// A comparison of all totals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Reconciliation {
    pub id: Uuid,
    pub source: String,
    pub compared_at: Timestamp,
    pub same: usize,
    pub different: usize,
    pub not_comparable: usize,
    /// What differs first, then what cannot be compared.
    pub totals: Vec<Total>,
}

impl Reconciliation {
    fn of(id: Uuid, source: String, compared_at: Timestamp, mut totals: Vec<Total>) -> Self {
        totals.sort_by_key(|total| match total.verdict {
            Verdict::Different => 0,
            Verdict::NotComparable => 1,
            Verdict::Same => 2,
        });
        let number = |verdict| totals.iter().filter(|total| total.verdict == verdict).count();
        let (same, different) = (number(Verdict::Same), number(Verdict::Different));
        let not_comparable = number(Verdict::NotComparable);
        Self { id, source, compared_at, same, different, not_comparable, totals }
    }

    /// The whole in a sentence.
    pub fn sentence(&self) -> String {
        let all = self.totals.len();
        if all == 0 {
            return "There is nothing to compare yet: the vendor's counters have not come.".into();
        }
        let mut told = format!("{} of {all} totals match.", self.same);
        match (self.not_comparable, self.different) {
            (0, 0) => {}
            (0, different) => told.push_str(&format!(" {different} {}.", differ(different))),
            (not, 0) => told.push_str(&format!(" {not} can’t be compared.")),
            (not, different) => {
                told.push_str(&format!(" {not} can’t be compared, {different} {}.", differ(different)));
            }
        }
        told
    }
}

fn differ(number: usize) -> &'static str {
    if number == 1 { "differs" } else { "differ" }
}

/// Compares, and keeps what was found.
pub async fn compare(pool: &PgPool, now: Timestamp) -> Result<Reconciliation> {
    let (source, totals) = sources::totals(pool).await?;
    let id = Uuid::now_v7();
    sqlx::query(include_str!("keep.sql"))
        .bind(id)
        .bind(source)
        .bind(now.to_sqlx())
        .bind(Json(&totals))
        .execute(pool)
        .await?;
    Ok(Reconciliation::of(id, source.into(), now, totals))
}

/// The last comparison, where there was one.
pub async fn latest(pool: &PgPool) -> Result<Option<Reconciliation>> {
    let found = sqlx::query(include_str!("latest.sql")).fetch_optional(pool).await?;
    found
        .map(|row| {
            let compared_at = row.try_get::<jiff_sqlx::Timestamp, _>("compared_at")?.to_jiff();
            let Json(totals) = row.try_get("totals")?;
            Ok(Reconciliation::of(row.try_get("id")?, row.try_get("source")?, compared_at, totals))
        })
        .transpose()
}
