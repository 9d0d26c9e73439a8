//! Employers: the list, one with its people and what happened with them, people's edits. Leaves who counts as a company to
//! `identity` and the import.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::edit;
use crate::keyset::{self, After};
use crate::words;
use crate::{Error, Result};

/// An employer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Company {
    pub id: Uuid,
    pub company_name: Option<String>,
    pub company_domain: Option<String>,
    pub industry: Option<String>,
    pub company_size: Option<String>,
    /// Import that brought it; null: it came from a vendor.
    pub first_seen_in_csv_id: Option<Uuid>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// How many people we know there; counts to a thousand.
    pub people: i64,
    pub last_touched_at: Option<Timestamp>,
}

impl Company {
    /// Its name, else its domain.
    pub fn name(&self) -> &str {
        self.company_name.as_deref().or(self.company_domain.as_deref()).unwrap_or("(no name)")
    }
}

/// What is written of a company: a field that is not given stays, an empty one is cleared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[schema(as = CompanyFields)]
#[serde(deny_unknown_fields, default)]
pub struct Fields {
    pub company_name: Option<String>,
    pub industry: Option<String>,
    pub company_size: Option<String>,
}

/// Which companies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Words in name or domain.
    pub search: Option<String>,
    pub industry: Option<String>,
}

/// A page of companies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    pub companies: Vec<Company>,
    /// Where the next page begins; null: this is the last.
    pub next: Option<After>,
}

/// Somebody who works there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = CompanyPerson)]
pub struct Person {
    pub lead_id: Uuid,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub linkedin_url: Option<String>,
    pub job_title: Option<String>,
    pub lead_status: String,
    pub created_at: Timestamp,
    pub last_touched_at: Option<Timestamp>,
    /// Type of the last touch.
    pub last_touch: Option<String>,
}

/// A page of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct People {
    pub people: Vec<Person>,
    /// Where the next page begins; null: this is the last.
    pub next: Option<After>,
}

/// Something that happened with somebody there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = CompanyTouch)]
pub struct Touch {
    pub event_id: Uuid,
    pub event_source: String,
    pub event_type: String,
    pub event_timestamp: Timestamp,
    pub lead_id: Uuid,
    pub who: Option<String>,
    pub campaign_name: Option<String>,
    pub sequence_step: Option<i32>,
    pub email_subject: Option<String>,
    pub call_outcome: Option<String>,
    pub snippet: String,
}

/// A page of touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Touches {
    pub touches: Vec<Touch>,
    /// Where the next page begins; null: this is the last.
    pub next: Option<After>,
}

/// Companies, latest first.
pub async fn list(pool: &PgPool, asked: &Asked, after: Option<After>, limit: i64) -> Result<Page> {
    let limit = limit.clamp(1, 500);
    let mut companies = read_all(pool, asked, None, after, limit + 1).await?;
    let next = keyset::cut(&mut companies, limit, |last| After::of(last.created_at, last.id));
    Ok(Page { companies, next })
}

/// One company.
pub async fn show(pool: &PgPool, id: Uuid) -> Result<Company> {
    let found = read_all(pool, &Asked::default(), Some(id), None, 1).await?;
    found.into_iter().next().ok_or_else(|| {
        Error::not_found(
            format!("there is no company {id}"),
            "`touchline company list` shows them with their ids",
        )
    })
}

/// The company of a domain, a name, or an id.
pub async fn named(pool: &PgPool, name: &str) -> Result<Uuid> {
    edit::named(pool, include_str!("companies/named.sql"), name, "company").await
}

/// Changes a company; the same again changes nothing. What a person wrote is kept by later syncs and imports.
pub async fn edit(pool: &PgPool, id: Uuid, fields: &Fields, now: Timestamp) -> Result<Company> {
    edit_if(pool, id, fields, |_| Ok::<_, Error>(()), now).await
}

/// The same, where `fits` says of what stands at that moment that it may be changed.
pub async fn edit_if<E: From<Error>>(
    pool: &PgPool,
    id: Uuid,
    fields: &Fields,
    fits: impl Fn(&Company) -> Result<(), E>,
    now: Timestamp,
) -> Result<Company, E> {
    loop {
        let version = edit::version(pool, include_str!("companies/version.sql"), id).await?;
        let mut company = show(pool, id).await?;
        fits(&company)?;
        edit::text("company_name", &mut company.company_name, fields.company_name.as_deref())?;
        edit::text("industry", &mut company.industry, fields.industry.as_deref())?;
        edit::text("company_size", &mut company.company_size, fields.company_size.as_deref())?;
        if written(pool, &company, version, now).await? {
            return Ok(show(pool, id).await?);
        }
    }
}

/// Writes a company, unless somebody else did since that version: then false.
async fn written(pool: &PgPool, company: &Company, version: Option<String>, now: Timestamp) -> Result<bool> {
    let mut tx = pool.begin().await?;
    if edit::version(&mut *tx, include_str!("companies/version.sql"), company.id).await? != version {
        return Ok(false);
    }
    sqlx::query(include_str!("companies/write.sql"))
        .bind(company.id)
        .bind(&company.company_name)
        .bind(&company.industry)
        .bind(&company.company_size)
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// Who works there, latest first.
pub async fn people(pool: &PgPool, company_id: Uuid, after: Option<After>, limit: i64) -> Result<People> {
    let limit = limit.clamp(1, 500);
    let rows =
        paged(include_str!("companies/people.sql"), company_id, after, limit + 1).fetch_all(pool).await?;
    let mut people = rows.iter().map(person).collect::<Result<Vec<_>>>()?;
    let next = keyset::cut(&mut people, limit, |last| After::of(last.created_at, last.lead_id));
    Ok(People { people, next })
}

/// What happened with the people there, newest first.
pub async fn touches(pool: &PgPool, company_id: Uuid, after: Option<After>, limit: i64) -> Result<Touches> {
    let limit = limit.clamp(1, 500);
    let rows =
        paged(include_str!("companies/touches.sql"), company_id, after, limit + 1).fetch_all(pool).await?;
    let mut touches = rows.iter().map(touch).collect::<Result<Vec<_>>>()?;
    let next = keyset::cut(&mut touches, limit, |last| After::of(last.event_timestamp, last.event_id));
    Ok(Touches { touches, next })
}

type Query = sqlx::query::Query<'static, sqlx::Postgres, sqlx::postgres::PgArguments>;

fn paged(sql: &'static str, company_id: Uuid, after: Option<After>, limit: i64) -> Query {
    sqlx::query(sql)
        .bind(company_id)
        .bind(after.map(|after| after.at.to_sqlx()))
        .bind(after.map(|after| after.id))
        .bind(limit)
}

async fn read_all(
    pool: &PgPool,
    asked: &Asked,
    id: Option<Uuid>,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Company>> {
    let rows = sqlx::query(include_str!("companies/list.sql"))
        .bind(edit::like(asked.search.as_deref()))
        .bind(&asked.industry)
        .bind(id)
        .bind(after.map(|after| after.at.to_sqlx()))
        .bind(after.map(|after| after.id))
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &PgRow) -> Result<Company> {
    Ok(Company {
        id: row.try_get("id")?,
        company_name: row.try_get("company_name")?,
        company_domain: row.try_get("company_domain")?,
        industry: row.try_get("industry")?,
        company_size: row.try_get("company_size")?,
        first_seen_in_csv_id: row.try_get("first_seen_in_csv_id")?,
        created_at: edit::at(row, "created_at")?,
        updated_at: edit::at(row, "updated_at")?,
        people: row.try_get("people")?,
        last_touched_at: edit::instant(row, "last_touched_at")?,
    })
}

fn person(row: &PgRow) -> Result<Person> {
    Ok(Person {
        lead_id: row.try_get("id")?,
        first_name: row.try_get("first_name")?,
        last_name: row.try_get("last_name")?,
        email: row.try_get("email")?,
        phone: row.try_get("phone")?,
        linkedin_url: row.try_get("linkedin_url")?,
        job_title: row.try_get("job_title")?,
        lead_status: row.try_get("lead_status")?,
        created_at: edit::at(row, "created_at")?,
        last_touched_at: edit::instant(row, "last_touched_at")?,
        last_touch: row.try_get("last_touch")?,
    })
}

fn touch(row: &PgRow) -> Result<Touch> {
    let text: Option<String> = row.try_get("words")?;
    Ok(Touch {
        event_id: row.try_get("event_id")?,
        event_source: row.try_get("event_source")?,
        event_type: row.try_get("event_type")?,
        event_timestamp: edit::at(row, "event_timestamp")?,
        lead_id: row.try_get("lead_id")?,
        who: row.try_get("who")?,
        campaign_name: row.try_get("campaign_name")?,
        sequence_step: row.try_get("sequence_step")?,
        email_subject: row.try_get("email_subject")?,
        call_outcome: row.try_get("call_outcome")?,
        snippet: words::snippet(text.as_deref().unwrap_or_default(), 240),
    })
}
