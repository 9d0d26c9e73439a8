//! Who a person is: found by any address they are known by, with company and state per campaign.
//! Leaves what happened to `timeline`.

mod export;
mod filter;
mod list;
mod profile;
mod search;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

pub use self::export::{COLUMNS, export};
pub use self::filter::{Answered, Filter, LeadStatus, Membership, Reach, Sort, Touched};
pub(crate) use self::list::bind;
pub use self::list::{COUNT_UP_TO, Choice, Count, Listed, Page, campaign_choices, count, list};
pub use self::profile::{
    Against, Colleague, DRAWN, Drawn, Fact, Identity, Origin, Profile, Standing, drawn, profile,
};
pub use self::search::{Hit, search};
use crate::identity;
use crate::{Error, Result};

/// A person.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Lead {
    pub id: Uuid,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub job_title: Option<String>,
    pub phone: Option<String>,
    pub linkedin_url: Option<String>,
    pub lead_status: String,
    pub company_name: Option<String>,
    pub company_domain: Option<String>,
    /// State in each campaign, latest first.
    pub enrollments: Vec<Enrollment>,
}

/// A person's state in one campaign.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Enrollment {
    pub campaign_name: String,
    pub overall_status: String,
    pub email_status: String,
    pub call_status: String,
    pub linkedin_status: String,
    pub sequence_step: Option<i32>,
    pub email_sent_at: Option<Timestamp>,
    pub email_replied_at: Option<Timestamp>,
    pub next_followup_at: Option<Timestamp>,
    /// Vendor code; null: never set.
    pub interest_status: Option<i32>,
}

impl Lead {
    /// First and last name, or the address, or nothing known.
    pub fn name(&self) -> String {
        let parts: Vec<&str> =
            [&self.first_name, &self.last_name].into_iter().flatten().map(String::as_str).collect();
        if parts.is_empty() {
            self.email.clone().unwrap_or_else(|| "(no name)".into())
        } else {
            parts.join(" ")
        }
    }
}

/// First and last name; None: neither is known.
pub(crate) fn full_name(first: Option<&str>, last: Option<&str>) -> Option<String> {
    let parts: Vec<&str> =
        [first, last].into_iter().flatten().filter(|part| !part.trim().is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The lead known by an address.
pub async fn by_email(pool: &PgPool, address: &str) -> Result<Lead> {
    let key = identity::email::key(address).ok_or_else(|| {
        Error::invalid(format!("{address} is no e-mail address"), "give one like jane@acme.example")
    })?;
    let row = sqlx::query(include_str!("leads/by_email.sql")).bind(&key).fetch_optional(pool).await?;
    let Some(row) = row else {
        return Err(Error::not_found(
            format!("nobody is known by {key}"),
            "check the spelling; `touchline sync` brings in leads, `touchline status` shows how fresh they are",
        ));
    };
    let id: Uuid = row.try_get("id")?;
    Ok(Lead {
        id,
        first_name: row.try_get("first_name")?,
        last_name: row.try_get("last_name")?,
        email: row.try_get("email")?,
        job_title: row.try_get("job_title")?,
        phone: row.try_get("phone")?,
        linkedin_url: row.try_get("linkedin_url")?,
        lead_status: row.try_get("lead_status")?,
        company_name: row.try_get("company_name")?,
        company_domain: row.try_get("company_domain")?,
        enrollments: enrollments(pool, id).await?,
    })
}

async fn enrollments(pool: &PgPool, lead_id: Uuid) -> Result<Vec<Enrollment>> {
    let rows = sqlx::query(include_str!("leads/enrollments.sql")).bind(lead_id).fetch_all(pool).await?;
    rows.into_iter()
        .map(|row| {
            let instant = |name: &str| -> Result<Option<Timestamp>> {
                Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|t| t.to_jiff()))
            };
            Ok(Enrollment {
                campaign_name: row.try_get("campaign_name")?,
                overall_status: row.try_get("overall_status")?,
                email_status: row.try_get("email_status")?,
                call_status: row.try_get("call_status")?,
                linkedin_status: row.try_get("linkedin_status")?,
                sequence_step: row.try_get("sequence_step")?,
                email_sent_at: instant("email_sent_at")?,
                email_replied_at: instant("email_replied_at")?,
                next_followup_at: instant("next_followup_at")?,
                interest_status: row.try_get("interest_status")?,
            })
        })
        .collect()
}
