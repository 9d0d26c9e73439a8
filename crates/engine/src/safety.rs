//! Whether anybody was contacted who should not have been: twice, after an answer, or though suppressed. Every case is a
//! row with its evidence; one that has an explanation says so. Only reads.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::Result;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = SafetyKind)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The same step of the same campaign on the same channel, more than once.
    SameStepTwice,
    /// By two running campaigns at once.
    TwoCampaigns,
    AfterAnAnswer,
    ThoughSuppressed,
}

impl Kind {
    pub const ALL: &[Self] =
        &[Self::SameStepTwice, Self::TwoCampaigns, Self::AfterAnAnswer, Self::ThoughSuppressed];

    pub const fn words(self) -> &'static str {
        match self {
            Self::SameStepTwice => "contacted twice with the same step",
            Self::TwoCampaigns => "contacted by two campaigns at once",
            Self::AfterAnAnswer => "contacted after an answer",
            Self::ThoughSuppressed => "contacted though suppressed",
        }
    }
}

/// One touch that should not have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = SafetyCase)]
pub struct Case {
    pub kind: Kind,
    pub lead_id: Uuid,
    pub full_name: Option<String>,
    pub email: Option<String>,
    pub channel: String,
    pub campaign_name: Option<String>,
    /// The touch.
    pub event_id: Uuid,
    pub event_timestamp: Timestamp,
    /// What speaks against it: the other touch, the answer, the event behind the suppression.
    pub evidence_event_id: Option<Uuid>,
    pub suppression_id: Option<Uuid>,
    pub evidence: String,
    pub evidence_at: Timestamp,
    /// Why it is nevertheless in order; null: it is not.
    pub explanation: Option<String>,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = SafetyReport)]
pub struct Report {
    /// Touches that were looked at.
    pub touches: i64,
    pub unexplained: usize,
    pub cases: Vec<Case>,
    /// There are more cases than are listed.
    pub more: bool,
}

/// Most cases that are listed of one kind.
const MOST: i64 = 1000;

/// Looks at every touch that went out by itself.
pub async fn check(pool: &PgPool) -> Result<Report> {
    let touches = "select count(*) from events where event_type in ('email_sent', 'connection_sent', 'message_sent', 'call_initiated', 'call_completed', 'call_voicemail', 'call_no_answer') and withdrawn_at is null";
    let touches: i64 = sqlx::query_scalar(touches).fetch_one(pool).await?;
    let (mut cases, mut more) = (Vec::new(), false);
    for (kind, sql) in [
        (Kind::SameStepTwice, include_str!("safety/same_step_twice.sql")),
        (Kind::TwoCampaigns, include_str!("safety/two_campaigns.sql")),
        (Kind::AfterAnAnswer, include_str!("safety/after_an_answer.sql")),
        (Kind::ThoughSuppressed, include_str!("safety/though_suppressed.sql")),
    ] {
        let rows = sqlx::query(sql).bind(MOST + 1).fetch_all(pool).await?;
        more |= rows.len() as i64 > MOST;
        for row in rows.iter().take(MOST as usize) {
            cases.push(Case {
                kind,
                lead_id: row.try_get("lead_id")?,
                full_name: row.try_get("full_name")?,
                email: row.try_get("email")?,
                channel: row.try_get("channel")?,
                campaign_name: row.try_get("campaign_name")?,
                event_id: row.try_get("event_id")?,
                event_timestamp: row.try_get::<jiff_sqlx::Timestamp, _>("event_timestamp")?.to_jiff(),
                evidence_event_id: row.try_get("evidence_event_id")?,
                suppression_id: row.try_get("suppression_id")?,
                evidence: row.try_get("evidence")?,
                evidence_at: row.try_get::<jiff_sqlx::Timestamp, _>("evidence_at")?.to_jiff(),
                explanation: row.try_get("explanation")?,
            });
        }
    }
    let unexplained = cases.iter().filter(|case| case.explanation.is_none()).count();
    Ok(Report { touches, unexplained, cases, more })
}
