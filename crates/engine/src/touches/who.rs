//! Whom people mean: an e-mail address, a phone number, a LinkedIn profile, the id of a lead.

use serde::Serialize;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::identity::{email, linkedin, phone};
use crate::{Error, Result};

/// How a person was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Lead(Uuid),
    /// Kind and canonical form, as in `lead_identities`.
    Address(&'static str, String),
}

impl Named {
    /// Reads what a person wrote.
    pub fn read(text: &str) -> Result<Self> {
        let text = text.trim();
        if let Ok(id) = text.parse() {
            return Ok(Self::Lead(id));
        }
        if let Some(profile) = linkedin::profile(text) {
            return Ok(Self::Address("linkedin", profile));
        }
        if let Some(key) = text.contains('@').then(|| email::key(text)).flatten() {
            return Ok(Self::Address("email", key));
        }
        if let Some(number) = phone::e164(text) {
            return Ok(Self::Address("phone", number));
        }
        Err(Error::invalid(
            format!("`{text}` names nobody"),
            "give an e-mail address, a phone number with its country (+1 …), a LinkedIn profile, or the id of a lead",
        ))
    }
}

/// A person, as short as a line needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Person {
    pub lead_id: Uuid,
    pub full_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub linkedin_url: Option<String>,
    pub company_id: Option<Uuid>,
    pub company_name: Option<String>,
}

impl Person {
    /// Name, else whatever they are known by.
    pub fn who(&self) -> String {
        [&self.full_name, &self.email, &self.phone, &self.linkedin_url]
            .into_iter()
            .flatten()
            .next()
            .cloned()
            .unwrap_or_else(|| self.lead_id.to_string())
    }
}

/// The one person who is meant.
pub async fn find(connection: &mut PgConnection, text: &str) -> Result<Person> {
    let mut found = known_by(connection, &Named::read(text)?).await?;
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(Error::not_found(
            format!("nobody is known by `{text}`"),
            "check the spelling; `touchline import` and `touchline sync` bring people in",
        )),
        _ => Err(Error::conflict(
            format!("several people are known by `{text}`"),
            format!(
                "name one by its id: {}",
                found.iter().map(|p| format!("{} ({})", p.lead_id, p.who())).collect::<Vec<_>>().join(", ")
            ),
        )),
    }
}

/// Everybody known by that name: by identity, else by what somebody typed into leads.
pub(crate) async fn known_by(connection: &mut PgConnection, named: &Named) -> Result<Vec<Person>> {
    let (lead_id, kind, value) = match named {
        Named::Lead(id) => (Some(*id), None, None),
        Named::Address(kind, value) => (None, Some(*kind), Some(value.as_str())),
    };
    let rows = sqlx::query(include_str!("who.sql"))
        .bind(lead_id)
        .bind(kind)
        .bind(value)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Person {
                lead_id: row.try_get("lead_id")?,
                full_name: row.try_get("full_name")?,
                email: row.try_get("email")?,
                phone: row.try_get("phone")?,
                linkedin_url: row.try_get("linkedin_url")?,
                company_id: row.try_get("company_id")?,
                company_name: row.try_get("company_name")?,
            })
        })
        .collect()
}
