//! What is offered: made, edited, put away, and what came of it. Leaves counting to `funnel`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row};
use uuid::Uuid;

use crate::edit;
use crate::funnel::{self, By, Counts, Selection, Unit};
use crate::keyset::{self, After};
use crate::{Error, Result};

/// What an offer may be.
pub const TYPES: [&str; 4] = ["service", "product", "consulting", "subscription"];

/// An offer.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Offer {
    pub id: Uuid,
    pub offer_name: String,
    pub offer_type: Option<String>,
    /// As written, so that nothing is rounded.
    pub price_min: Option<String>,
    pub price_max: Option<String>,
    pub target_industries: Vec<String>,
    pub value_proposition: Option<String>,
    pub created_by: Option<Uuid>,
    pub archived_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// How many campaigns sell it.
    pub campaigns: i64,
    /// People, over all of its campaigns.
    pub results: Counts,
}

/// What is written of an offer: a field that is not given stays, an empty one is cleared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[schema(as = OfferFields)]
#[serde(deny_unknown_fields, default)]
pub struct Fields {
    pub offer_name: Option<String>,
    pub offer_type: Option<String>,
    pub price_min: Option<String>,
    pub price_max: Option<String>,
    pub target_industries: Option<Vec<String>>,
    pub value_proposition: Option<String>,
}

/// Which offers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Words in the name.
    pub search: Option<String>,
    pub offer_type: Option<String>,
    /// Those that were put away, instead.
    pub archived: bool,
}

/// A page of offers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    pub offers: Vec<Offer>,
    /// Where the next page begins; null: this is the last.
    pub next: Option<After>,
}

/// Offers, newest first.
pub async fn list(pool: &PgPool, asked: &Asked, after: Option<After>, limit: i64) -> Result<Page> {
    let limit = limit.clamp(1, 500);
    let mut offers = read_all(pool, asked, None, after, limit + 1).await?;
    let next = keyset::cut(&mut offers, limit, |last| After::of(last.created_at, last.id));
    Ok(Page { offers, next })
}

/// One offer.
pub async fn show(pool: &PgPool, id: Uuid) -> Result<Offer> {
    let found = read_all(pool, &Asked::default(), Some(id), None, 1).await?;
    found.into_iter().next().ok_or_else(|| missing(&id.to_string()))
}

/// The offer of a name, or of an id.
pub async fn named(pool: &PgPool, name: &str) -> Result<Uuid> {
    edit::named(pool, include_str!("offers/named.sql"), name, "offer").await
}

/// Makes an offer.
pub async fn add(pool: &PgPool, fields: &Fields, by: Option<Uuid>, now: Timestamp) -> Result<Offer> {
    let blank = Offer {
        id: Uuid::now_v7(),
        offer_name: String::new(),
        offer_type: None,
        price_min: None,
        price_max: None,
        target_industries: Vec::new(),
        value_proposition: None,
        created_by: by,
        archived_at: None,
        created_at: now,
        updated_at: now,
        campaigns: 0,
        results: Counts::default(),
    };
    let offer = changed(blank, fields)?;
    write(&mut *pool.acquire().await?, &offer, now).await?;
    show(pool, offer.id).await
}

/// Changes an offer; the same again changes nothing.
pub async fn edit(pool: &PgPool, id: Uuid, fields: &Fields, now: Timestamp) -> Result<Offer> {
    edit_if(pool, id, fields, |_| Ok::<_, Error>(()), now).await
}

/// The same, where `fits` says of what stands at that moment that it may be changed.
pub async fn edit_if<E: From<Error>>(
    pool: &PgPool,
    id: Uuid,
    fields: &Fields,
    fits: impl Fn(&Offer) -> Result<(), E>,
    now: Timestamp,
) -> Result<Offer, E> {
    let change = |offer: Offer| {
        fits(&offer)?;
        Ok(changed(offer, fields)?)
    };
    rewrite(pool, id, change, now).await
}

/// Puts an offer away, or takes it out again. Campaigns that sell it keep it.
pub async fn archive(pool: &PgPool, id: Uuid, archived: bool, now: Timestamp) -> Result<Offer> {
    let change = |mut offer: Offer| {
        offer.archived_at = if archived { offer.archived_at.or(Some(now)) } else { None };
        Ok::<_, Error>(offer)
    };
    rewrite(pool, id, change, now).await
}

/// Writes what becomes of an offer; begins anew where somebody else wrote it meanwhile.
async fn rewrite<E: From<Error>>(
    pool: &PgPool,
    id: Uuid,
    change: impl Fn(Offer) -> Result<Offer, E>,
    now: Timestamp,
) -> Result<Offer, E> {
    loop {
        let version = edit::version(pool, include_str!("offers/version.sql"), id).await?;
        let offer = change(show(pool, id).await?)?;
        let mut tx = pool.begin().await.map_err(Error::from)?;
        if edit::version(&mut *tx, include_str!("offers/version.sql"), id).await? == version {
            write(&mut tx, &offer, now).await?;
            tx.commit().await.map_err(Error::from)?;
            return Ok(show(pool, id).await?);
        }
    }
}

fn changed(mut offer: Offer, fields: &Fields) -> Result<Offer> {
    if let Some(name) = &fields.offer_name {
        offer.offer_name = name.trim().to_owned();
    }
    edit::name("offer_name", &offer.offer_name)?;
    edit::text("value_proposition", &mut offer.value_proposition, fields.value_proposition.as_deref())?;
    edit::word("offer_type", &mut offer.offer_type, fields.offer_type.as_deref(), &TYPES)?;
    edit::price("price_min", &mut offer.price_min, fields.price_min.as_deref())?;
    edit::price("price_max", &mut offer.price_max, fields.price_max.as_deref())?;
    let number = |price: &Option<String>| price.as_deref().and_then(|price| price.parse::<f64>().ok());
    if let (Some(min), Some(max)) = (number(&offer.price_min), number(&offer.price_max))
        && min > max
    {
        return Err(Error::invalid(
            "price_max: it is below price_min",
            "give the lowest price as price_min and the highest as price_max",
        ));
    }
    if let Some(industries) = &fields.target_industries {
        offer.target_industries =
            industries.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    }
    Ok(offer)
}

async fn write(connection: &mut PgConnection, offer: &Offer, now: Timestamp) -> Result<()> {
    sqlx::query(include_str!("offers/write.sql"))
        .bind(offer.id)
        .bind(&offer.offer_name)
        .bind(&offer.offer_type)
        .bind(&offer.price_min)
        .bind(&offer.price_max)
        .bind(&offer.target_industries)
        .bind(&offer.value_proposition)
        .bind(offer.archived_at.map(ToSqlx::to_sqlx))
        .bind(offer.created_by)
        .bind(now.to_sqlx())
        .execute(connection)
        .await?;
    Ok(())
}

async fn read_all(
    pool: &PgPool,
    asked: &Asked,
    id: Option<Uuid>,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Offer>> {
    let rows = sqlx::query(include_str!("offers/list.sql"))
        .bind(edit::like(asked.search.as_deref()))
        .bind(&asked.offer_type)
        .bind(asked.archived)
        .bind(id)
        .bind(after.map(|after| after.at.to_sqlx()))
        .bind(after.map(|after| after.id))
        .bind(limit)
        .fetch_all(pool)
        .await?;
    let mut offers = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let results = funnel::funnel(pool, Unit::People, By::Offer, Selection::default()).await?;
    for offer in &mut offers {
        let key = offer.id.to_string();
        if let Some(line) = results.lines.iter().find(|line| line.key.as_deref() == Some(&key)) {
            offer.results = line.counts;
        }
    }
    Ok(offers)
}

fn read(row: &PgRow) -> Result<Offer> {
    Ok(Offer {
        id: row.try_get("id")?,
        offer_name: row.try_get("offer_name")?,
        offer_type: row.try_get("offer_type")?,
        price_min: row.try_get("price_min")?,
        price_max: row.try_get("price_max")?,
        target_industries: row.try_get("target_industries")?,
        value_proposition: row.try_get("value_proposition")?,
        created_by: row.try_get("created_by")?,
        archived_at: edit::instant(row, "archived_at")?,
        created_at: edit::at(row, "created_at")?,
        updated_at: edit::at(row, "updated_at")?,
        campaigns: row.try_get("campaigns")?,
        results: Counts::default(),
    })
}

fn missing(id: &str) -> Error {
    Error::not_found(format!("there is no offer {id}"), "`touchline offer list` shows them with their ids")
}
