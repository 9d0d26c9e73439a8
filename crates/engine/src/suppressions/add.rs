//! Putting a person, an address or a company on the list, by a person's word.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;
use uuid::Uuid;

use super::{Channel, Suppression, by_ids};
use crate::identity::{domain, free_mail};
use crate::touches::{self, Named};
use crate::{Error, Result};

/// What to put on the list.
#[derive(Debug, Clone)]
pub struct Ask {
    /// E-mail address, phone, LinkedIn profile, id of a lead, or a company's domain.
    pub who: String,
    pub channel: Channel,
    /// As in `touchline.stop_rules`, or any other word.
    pub reason: String,
    pub note: Option<String>,
    /// Everybody of the person's company, too.
    pub company: bool,
}

/// Puts somebody on the list; nobody has to be known by the address. The same again adds nothing. What the person is in
/// stops, where it holds for every channel.
pub async fn suppress(pool: &PgPool, ask: &Ask, by: Option<Uuid>, now: Timestamp) -> Result<Suppression> {
    let reason = ask.reason.trim().to_ascii_lowercase().replace(['-', ' '], "_");
    if reason.is_empty() || reason.len() > 100 {
        return Err(Error::invalid(
            "reason: it is empty or too long",
            "give one word, such as opt-out or manual",
        ));
    }
    let named = subject(&ask.who)?;
    let mut tx = pool.begin().await?;
    touches::begin(&mut tx).await?;
    let people = touches::known(&mut tx, &named).await?;
    if people.len() > 1 {
        return Err(Error::conflict(
            format!("several people are known by `{}`", ask.who),
            format!(
                "name one by its id: {}",
                people.iter().map(|p| format!("{} ({})", p.lead_id, p.who())).collect::<Vec<_>>().join(", ")
            ),
        ));
    }
    let person = people.into_iter().next();
    let (kind, address) = match &named {
        Named::Lead(_) => (None, None),
        Named::Address(kind, address) => (Some(*kind), Some(address.as_str())),
    };
    if person.is_none() && address.is_none() {
        return Err(Error::not_found(
            format!("there is no lead `{}`", ask.who),
            "check the id; `touchline lead show EMAIL --json` shows it",
        ));
    }
    let is_domain = kind == Some("domain");
    if ask.company && !is_domain && person.as_ref().is_none_or(|person| person.company_id.is_none()) {
        return Err(Error::conflict(
            format!("the company of `{}` is not known", ask.who),
            "suppress its domain instead: `touchline suppress acme.example`",
        ));
    }
    let company = person.as_ref().and_then(|person| person.company_id).filter(|_| ask.company);
    let lead_id = person.as_ref().map(|person| person.lead_id);
    let id: Uuid = sqlx::query_scalar(include_str!("add.sql"))
        .bind(Uuid::now_v7())
        .bind(lead_id)
        .bind(company)
        .bind(kind)
        .bind(address)
        .bind(ask.channel.word())
        .bind(&reason)
        .bind(if ask.company || is_domain { "company" } else { "person" })
        .bind(ask.note.as_deref().map(str::trim).filter(|note| !note.is_empty()))
        .bind(by)
        .bind(now.to_sqlx())
        .fetch_one(&mut *tx)
        .await?;
    if let Some(lead_id) = lead_id {
        touches::fold(&mut tx, &[lead_id], now).await?;
    }
    let added = by_ids(&mut tx, &[id]).await?.pop();
    tx.commit().await?;
    added.ok_or_else(|| Error::not_found("the suppression is gone again", "ask once more"))
}

/// A person, an address, or a domain.
pub(super) fn subject(who: &str) -> Result<Named> {
    let error = match Named::read(who) {
        Ok(named) => return Ok(named),
        Err(error) => error,
    };
    let bare = who.trim().trim_start_matches('@');
    if bare.contains('@') || !bare.contains('.') {
        return Err(error);
    }
    let Some(domain) = domain::registrable(bare) else { return Err(error) };
    if free_mail::is_free_mail(&domain) {
        return Err(Error::invalid(
            format!("`{domain}` gives addresses to everybody: it stands for no company"),
            "name the person's whole address instead",
        ));
    }
    Ok(Named::Address("domain", domain))
}
