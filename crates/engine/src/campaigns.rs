//! Our campaigns: made, edited, linked to a vendor's; who is in them; the words of their steps. Leaves what came of them to
//! `funnel`, when they call to `queue::rules`, what happened to the events.

mod linkable;
mod members;
mod steps;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row};
use uuid::Uuid;

pub use linkable::{Linkable, Linkables, linkable};
pub use members::{Member, Members, Verdict, add_members, leads_of_import, members, remove_members};
pub(crate) use members::{add_leads, remove_leads};
pub use steps::{Step, Variant, steps};

use crate::edit;
use crate::funnel::{self, By, Channel, Counts, Selection, Unit};
use crate::keyset::{self, After};
use crate::{Error, Result, normalise, states};

/// How a campaign may stand.
pub const STATUSES: [&str; 5] = ["draft", "active", "paused", "completed", "archived"];

/// How somebody in a campaign may stand over all channels.
pub const OVERALL_STATUSES: [&str; 6] =
    ["active", "replied", "converted", "disqualified", "bounced", "unsubscribed"];

/// A campaign.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Campaign {
    pub id: Uuid,
    pub campaign_name: String,
    pub campaign_status: String,
    pub offer_id: Option<Uuid>,
    pub offer_name: Option<String>,
    pub uses_email: bool,
    pub uses_calls: bool,
    pub uses_linkedin: bool,
    pub instantly_campaign_id: Option<String>,
    pub vapi_campaign_id: Option<String>,
    pub vapi_assistant_id: Option<String>,
    /// Whether a stop of one person stops everybody of the company; null: as the workspace has it.
    pub stops_company: Option<bool>,
    pub email_body_template: Option<String>,
    pub created_by: Option<Uuid>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// People in it; counts to ten thousand.
    pub members: i64,
    pub results: Counts,
}

/// What is written of a campaign: a field that is not given stays, an empty one is cleared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[schema(as = CampaignFields)]
#[serde(deny_unknown_fields, default)]
pub struct Fields {
    pub campaign_name: Option<String>,
    pub campaign_status: Option<String>,
    /// Id of an offer.
    pub offer_id: Option<String>,
    pub uses_email: Option<bool>,
    pub uses_calls: Option<bool>,
    pub uses_linkedin: Option<bool>,
    pub instantly_campaign_id: Option<String>,
    pub vapi_campaign_id: Option<String>,
    pub vapi_assistant_id: Option<String>,
    /// yes, no, or empty: as the workspace has it.
    pub stops_company: Option<String>,
    pub email_body_template: Option<String>,
}

/// Which campaigns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Words in the name.
    pub search: Option<String>,
    /// All but archived ones where it is not given.
    pub status: Option<String>,
    pub offer_id: Option<Uuid>,
    pub channel: Option<Channel>,
}

/// A page of campaigns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    pub campaigns: Vec<Campaign>,
    /// Where the next page begins; null: this is the last.
    pub next: Option<After>,
}

/// Campaigns, newest first.
pub async fn list(pool: &PgPool, asked: &Asked, after: Option<After>, limit: i64) -> Result<Page> {
    let limit = limit.clamp(1, 500);
    let mut campaigns = read_all(pool, asked, None, after, limit + 1).await?;
    let next = keyset::cut(&mut campaigns, limit, |last| After::of(last.created_at, last.id));
    Ok(Page { campaigns, next })
}

/// One campaign.
pub async fn show(pool: &PgPool, id: Uuid) -> Result<Campaign> {
    let found = read_all(pool, &Asked::default(), Some(id), None, 1).await?;
    found.into_iter().next().ok_or_else(|| missing(&id.to_string()))
}

/// The campaign of a name, or of an id.
pub async fn named(pool: &PgPool, name: &str) -> Result<Uuid> {
    edit::named(pool, include_str!("campaigns/named.sql"), name, "campaign").await
}

/// Makes a campaign; a draft, unless said otherwise.
pub async fn add(pool: &PgPool, fields: &Fields, by: Option<Uuid>, now: Timestamp) -> Result<Campaign> {
    let blank = Campaign {
        id: Uuid::now_v7(),
        campaign_name: String::new(),
        campaign_status: "draft".into(),
        offer_id: None,
        offer_name: None,
        uses_email: false,
        uses_calls: false,
        uses_linkedin: false,
        instantly_campaign_id: None,
        vapi_campaign_id: None,
        vapi_assistant_id: None,
        stops_company: None,
        email_body_template: None,
        created_by: by,
        created_at: now,
        updated_at: now,
        members: 0,
        results: Counts::default(),
    };
    let campaign = changed(blank, fields)?;
    let mut connection = pool.acquire().await?;
    write(&mut connection, &campaign, now).await?;
    drop(connection);
    show(pool, campaign.id).await
}

/// Changes a campaign; the same again changes nothing. What a person wrote is kept by later syncs.
pub async fn edit(pool: &PgPool, id: Uuid, fields: &Fields, now: Timestamp) -> Result<Campaign> {
    edit_if(pool, id, fields, |_| Ok::<_, Error>(()), now).await
}

/// The same, where `fits` says of what stands at that moment that it may be changed.
pub async fn edit_if<E: From<Error>>(
    pool: &PgPool,
    id: Uuid,
    fields: &Fields,
    fits: impl Fn(&Campaign) -> Result<(), E>,
    now: Timestamp,
) -> Result<Campaign, E> {
    loop {
        let version = edit::version(pool, include_str!("campaigns/version.sql"), id).await?;
        let before = show(pool, id).await?;
        fits(&before)?;
        let stopped = before.stops_company;
        let campaign = changed(before, fields)?;
        if written(pool, &campaign, campaign.stops_company != stopped, version, now).await? {
            return Ok(show(pool, id).await?);
        }
    }
}

/// Writes a campaign, unless somebody else did since that version: then false.
async fn written(
    pool: &PgPool,
    campaign: &Campaign,
    stops_otherwise: bool,
    version: Option<String>,
    now: Timestamp,
) -> Result<bool> {
    let mut tx = pool.begin().await?;
    if stops_otherwise {
        normalise::begin(&mut tx).await?;
    }
    if edit::version(&mut *tx, include_str!("campaigns/version.sql"), campaign.id).await? != version {
        return Ok(false);
    }
    write(&mut tx, campaign, now).await?;
    if stops_otherwise {
        // Whom a stop stops: everybody in it is looked at again.
        let members = sqlx::query_scalar("select lead_id from campaign_leads where campaign_id = $1")
            .bind(campaign.id)
            .fetch_all(&mut *tx)
            .await?;
        states::of(&mut tx, &members, now).await?;
    }
    tx.commit().await?;
    Ok(true)
}

fn changed(mut campaign: Campaign, fields: &Fields) -> Result<Campaign> {
    if let Some(name) = &fields.campaign_name {
        campaign.campaign_name = name.trim().to_owned();
    }
    edit::name("campaign_name", &campaign.campaign_name)?;
    let mut status = Some(campaign.campaign_status);
    edit::word("campaign_status", &mut status, fields.campaign_status.as_deref(), &STATUSES)?;
    campaign.campaign_status = status.unwrap_or_else(|| "draft".into());
    if let Some(offer) = fields.offer_id.as_deref().map(str::trim) {
        let unreadable =
            || Error::invalid(format!("offer_id: `{offer}` is no id"), "take it from `touchline offer list`");
        campaign.offer_id =
            if offer.is_empty() { None } else { Some(offer.parse().map_err(|_| unreadable())?) };
    }
    campaign.uses_email = fields.uses_email.unwrap_or(campaign.uses_email);
    campaign.uses_calls = fields.uses_calls.unwrap_or(campaign.uses_calls);
    campaign.uses_linkedin = fields.uses_linkedin.unwrap_or(campaign.uses_linkedin);
    edit::text(
        "instantly_campaign_id",
        &mut campaign.instantly_campaign_id,
        fields.instantly_campaign_id.as_deref(),
    )?;
    edit::text("vapi_campaign_id", &mut campaign.vapi_campaign_id, fields.vapi_campaign_id.as_deref())?;
    edit::text("vapi_assistant_id", &mut campaign.vapi_assistant_id, fields.vapi_assistant_id.as_deref())?;
    edit::text(
        "email_body_template",
        &mut campaign.email_body_template,
        fields.email_body_template.as_deref(),
    )?;
    let mut stops = None;
    edit::word("stops_company", &mut stops, fields.stops_company.as_deref(), &["yes", "no"])?;
    if fields.stops_company.is_some() {
        campaign.stops_company = stops.map(|word| word == "yes");
    }
    // Who links a vendor's campaign means that channel.
    campaign.uses_email |= fields.uses_email.is_none() && filled(fields.instantly_campaign_id.as_deref());
    campaign.uses_calls |= fields.uses_calls.is_none()
        && (filled(fields.vapi_campaign_id.as_deref()) || filled(fields.vapi_assistant_id.as_deref()));
    Ok(campaign)
}

fn filled(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

async fn write(connection: &mut PgConnection, campaign: &Campaign, now: Timestamp) -> Result<()> {
    linked_once(&mut *connection, campaign).await?;
    let written = sqlx::query(include_str!("campaigns/write.sql"))
        .bind(campaign.id)
        .bind(&campaign.campaign_name)
        .bind(&campaign.campaign_status)
        .bind(campaign.offer_id)
        .bind(campaign.uses_email)
        .bind(campaign.uses_calls)
        .bind(campaign.uses_linkedin)
        .bind(&campaign.instantly_campaign_id)
        .bind(&campaign.vapi_campaign_id)
        .bind(&campaign.vapi_assistant_id)
        .bind(campaign.stops_company)
        .bind(&campaign.email_body_template)
        .bind(campaign.created_by)
        .bind(now.to_sqlx())
        .execute(connection)
        .await;
    if let Err(sqlx::Error::Database(error)) = &written
        && error.constraint() == Some("campaigns_offer_id_fkey")
    {
        return Err(Error::invalid(
            "offer_id: there is no such offer",
            "`touchline offer list` shows them with their ids",
        ));
    }
    written?;
    Ok(())
}

/// A vendor's campaign belongs to one of ours: its leads and mails go to the oldest that links to it.
async fn linked_once(connection: &mut PgConnection, campaign: &Campaign) -> Result<()> {
    let Some(theirs) = &campaign.instantly_campaign_id else { return Ok(()) };
    let other: Option<(Uuid, String)> = sqlx::query_as(include_str!("campaigns/linked.sql"))
        .bind(theirs)
        .bind(campaign.id)
        .fetch_optional(connection)
        .await?;
    match other {
        None => Ok(()),
        Some((id, name)) => Err(Error::conflict(
            format!("instantly_campaign_id: that campaign is `{name}` here already"),
            format!("edit that one instead, its leads and mails are there: `touchline campaign edit {id}`"),
        )),
    }
}

async fn read_all(
    pool: &PgPool,
    asked: &Asked,
    id: Option<Uuid>,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Campaign>> {
    let rows = sqlx::query(include_str!("campaigns/list.sql"))
        .bind(edit::like(asked.search.as_deref()))
        .bind(&asked.status)
        .bind(asked.offer_id)
        .bind(asked.channel.map(Channel::word))
        .bind(id)
        .bind(after.map(|after| after.at.to_sqlx()))
        .bind(after.map(|after| after.id))
        .bind(limit)
        .fetch_all(pool)
        .await?;
    let mut campaigns = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let selection = Selection { campaign_id: id, ..Selection::default() };
    let results = funnel::funnel(pool, Unit::People, By::Campaign, selection).await?;
    for campaign in &mut campaigns {
        let key = campaign.id.to_string();
        if let Some(line) = results.lines.iter().find(|line| line.key.as_deref() == Some(&key)) {
            campaign.results = line.counts;
        }
    }
    Ok(campaigns)
}

fn read(row: &PgRow) -> Result<Campaign> {
    Ok(Campaign {
        id: row.try_get("id")?,
        campaign_name: row.try_get("campaign_name")?,
        campaign_status: row.try_get("campaign_status")?,
        offer_id: row.try_get("offer_id")?,
        offer_name: row.try_get("offer_name")?,
        uses_email: row.try_get("uses_email")?,
        uses_calls: row.try_get("uses_calls")?,
        uses_linkedin: row.try_get("uses_linkedin")?,
        instantly_campaign_id: row.try_get("instantly_campaign_id")?,
        vapi_campaign_id: row.try_get("vapi_campaign_id")?,
        vapi_assistant_id: row.try_get("vapi_assistant_id")?,
        stops_company: row.try_get("stops_company")?,
        email_body_template: row.try_get("email_body_template")?,
        created_by: row.try_get("created_by")?,
        created_at: edit::at(row, "created_at")?,
        updated_at: edit::at(row, "updated_at")?,
        members: row.try_get("members")?,
        results: Counts::default(),
    })
}

fn missing(id: &str) -> Error {
    Error::not_found(
        format!("there is no campaign {id}"),
        "`touchline campaign list` shows them with their ids",
    )
}
