//! Everything about one person but the timeline: state in each campaign, what stands against touching them, colleagues,
//! addresses, six weeks of touches to draw, and where each value came from. One statement.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::{Error, Result};

/// How far back touches are drawn.
pub const DRAWN: SignedDuration = SignedDuration::from_hours(24 * 42);

/// A person.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Profile {
    pub id: Uuid,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub job_title: Option<String>,
    pub seniority: Option<String>,
    pub phone: Option<String>,
    pub linkedin_url: Option<String>,
    pub lead_status: String,
    pub company_id: Option<Uuid>,
    pub company_name: Option<String>,
    pub company_domain: Option<String>,
    pub industry: Option<String>,
    pub company_size: Option<String>,
    pub created_at: Timestamp,
    pub last_touch_at: Option<Timestamp>,
    pub last_answer_at: Option<Timestamp>,
    pub enrollments: Vec<Standing>,
    /// What stands against touching them; empty: nothing.
    pub stops: Vec<Against>,
    pub colleagues: Vec<Colleague>,
    pub identities: Vec<Identity>,
    /// Touches of the last six weeks, oldest first.
    pub drawn: Vec<Drawn>,
    /// Each value, and where it came from.
    pub facts: Vec<Fact>,
    /// Import that brought them; null: they came another way.
    pub import_id: Option<Uuid>,
    pub file_name: Option<String>,
}

/// State in one campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Standing {
    pub campaign_id: Uuid,
    pub campaign_name: String,
    pub campaign_status: String,
    pub uses_email: bool,
    pub uses_calls: bool,
    pub uses_linkedin: bool,
    pub overall_status: String,
    pub email_status: String,
    pub email_sent_at: Option<Timestamp>,
    pub email_replied_at: Option<Timestamp>,
    pub call_status: String,
    pub call_scheduled_at: Option<Timestamp>,
    pub call_completed_at: Option<Timestamp>,
    pub linkedin_status: String,
    pub sequence_step: Option<i32>,
    pub next_followup_at: Option<Timestamp>,
    /// Vendor code; null: never set.
    pub interest_status: Option<i32>,
    pub stopped_at: Option<Timestamp>,
    pub stop_reason: Option<String>,
}

/// Why a person must not be touched on a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Against {
    /// all, email, call, linkedin.
    pub channel: String,
    /// suppressed: never; stopped: nothing goes out by itself.
    pub kind: String,
    pub reason: String,
    /// The reason in words that follow a name.
    pub words: String,
    pub since: Timestamp,
    pub suppression_id: Option<Uuid>,
    pub event_id: Option<Uuid>,
    pub note: Option<String>,
}

/// Somebody of the same company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Colleague {
    pub id: Uuid,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub job_title: Option<String>,
    pub lead_status: String,
    /// Null: never touched.
    pub last_touch_at: Option<Timestamp>,
}

/// An address or id that stands for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Identity {
    pub identity_kind: String,
    pub identity_value: String,
}

/// A touch as a mark on a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Drawn {
    pub id: Uuid,
    pub event_type: String,
    pub contact_kind: String,
    pub call_outcome: Option<String>,
    pub event_timestamp: Timestamp,
}

/// A value, and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Fact {
    /// Column.
    pub field: &'static str,
    pub value: String,
    pub origin: Origin,
    /// Column of the list it stands in.
    pub list_column: Option<String>,
    /// What the vendor says, where that is something else.
    pub vendor_says: Option<String>,
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A vendor's record, by normalisation.
    Vendor,
    /// A list that was imported.
    List,
    /// A person's edit, or a way that leaves no trace.
    Edited,
}

impl Profile {
    /// First and last name, or the address, or nothing known.
    pub fn name(&self) -> String {
        super::full_name(self.first_name.as_deref(), self.last_name.as_deref())
            .or_else(|| self.email.clone())
            .unwrap_or_else(|| "(no name)".into())
    }
}

impl Colleague {
    pub fn name(&self) -> String {
        super::full_name(self.first_name.as_deref(), self.last_name.as_deref())
            .or_else(|| self.email.clone())
            .unwrap_or_else(|| "(no name)".into())
    }
}

/// The person of that id.
pub async fn profile(pool: &PgPool, id: Uuid, now: Timestamp) -> Result<Profile> {
    let row = sqlx::query(include_str!("profile.sql"))
        .bind(id)
        .bind((now - DRAWN).to_sqlx())
        .fetch_optional(pool)
        .await?;
    let Some(row) = row else {
        return Err(Error::not_found(
            format!("there is no lead {id}"),
            "they may have been erased or merged; look for them by name",
        ));
    };
    let instant = |name: &str| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|at| at.to_jiff()))
    };
    let mut profile = Profile {
        id: row.try_get("id")?,
        first_name: row.try_get("first_name")?,
        last_name: row.try_get("last_name")?,
        email: row.try_get("email")?,
        job_title: row.try_get("job_title")?,
        seniority: row.try_get("seniority")?,
        phone: row.try_get("phone")?,
        linkedin_url: row.try_get("linkedin_url")?,
        lead_status: row.try_get("lead_status")?,
        company_id: row.try_get("company_id")?,
        company_name: row.try_get("company_name")?,
        company_domain: row.try_get("company_domain")?,
        industry: row.try_get("industry")?,
        company_size: row.try_get("company_size")?,
        created_at: row.try_get::<jiff_sqlx::Timestamp, _>("created_at")?.to_jiff(),
        last_touch_at: instant("last_touch_at")?,
        last_answer_at: instant("last_answer_at")?,
        enrollments: read(row.try_get("enrollments")?)?,
        stops: read(row.try_get("stops")?)?,
        colleagues: read(row.try_get("colleagues")?)?,
        identities: read(row.try_get("identities")?)?,
        drawn: read(row.try_get("drawn")?)?,
        facts: Vec::new(),
        import_id: row.try_get("import_id")?,
        file_name: row.try_get("file_name")?,
    };
    profile.facts = facts(&profile, row.try_get("derived")?, row.try_get("apollo_data")?);
    Ok(profile)
}

/// Touches of the last six weeks of several people, oldest first.
pub async fn drawn(pool: &PgPool, leads: &[Uuid], now: Timestamp) -> Result<HashMap<Uuid, Vec<Drawn>>> {
    let since = (now - DRAWN).to_sqlx();
    let rows = sqlx::query(include_str!("drawn.sql")).bind(leads).bind(since).fetch_all(pool).await?;
    let mut drawn: HashMap<Uuid, Vec<Drawn>> = HashMap::new();
    for row in rows {
        drawn.entry(row.try_get("lead_id")?).or_default().push(Drawn {
            id: row.try_get("id")?,
            event_type: row.try_get("event_type")?,
            contact_kind: row.try_get("contact_kind")?,
            call_outcome: row.try_get("call_outcome")?,
            event_timestamp: row.try_get::<jiff_sqlx::Timestamp, _>("event_timestamp")?.to_jiff(),
        });
    }
    Ok(drawn)
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| Error::Database(sqlx::Error::Decode(error.into())))
}

/// A value that is what normalisation last wrote follows the vendor; else one that stands in the list came by it.
fn facts(profile: &Profile, derived: Value, list: Option<Value>) -> Vec<Fact> {
    let derived = derived.as_object().cloned().unwrap_or_default();
    let list = list.and_then(|list| list.as_object().cloned()).unwrap_or_default();
    let company = profile.company_id.map(|id| id.to_string());
    let columns = [
        ("first_name", &profile.first_name),
        ("last_name", &profile.last_name),
        ("job_title", &profile.job_title),
        ("seniority", &profile.seniority),
        ("email", &profile.email),
        ("phone", &profile.phone),
        ("linkedin_url", &profile.linkedin_url),
        ("company_name", &profile.company_name),
    ];
    let mut facts = Vec::new();
    for (field, value) in columns {
        let Some(value) = value.clone() else { continue };
        // A company is written by its id.
        let (told, said) = if field == "company_name" {
            ("company_id", company.as_deref())
        } else {
            (field, Some(value.as_str()))
        };
        let vendor = text(&derived, told);
        let list_column = column_of(&list, &value);
        let origin = match (&vendor, &list_column) {
            (Some(vendor), _) if Some(vendor.as_str()) == said => Origin::Vendor,
            (_, Some(_)) => Origin::List,
            // Normalisation sets the address when it makes a lead, and notes only what may change.
            _ if field == "email" && !derived.is_empty() => Origin::Vendor,
            _ => Origin::Edited,
        };
        let vendor_says =
            vendor.filter(|vendor| origin != Origin::Vendor && field != "company_name" && *vendor != value);
        facts.push(Fact { field, value, origin, list_column, vendor_says });
    }
    facts
}

fn text(values: &Map<String, Value>, name: &str) -> Option<String> {
    values.get(name)?.as_str().map(str::to_owned)
}

/// The column of the list that says the same, whatever its letters' size.
fn column_of(list: &Map<String, Value>, value: &str) -> Option<String> {
    let said =
        |cell: &Value| cell.as_str().is_some_and(|cell| cell.trim().eq_ignore_ascii_case(value.trim()));
    list.iter().find(|(_, cell)| said(cell)).map(|(column, _)| column.clone())
}
