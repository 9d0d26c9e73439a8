//! What of the vendors a campaign may be linked to. Leaves linking to [`super::edit`].

use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::Result;

/// Something of a vendor that a campaign may be linked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Linkable {
    /// The vendor's id.
    pub id: String,
    pub name: String,
}

/// All there is to link to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Linkables {
    pub instantly_campaigns: Vec<Linkable>,
    pub vapi_campaigns: Vec<Linkable>,
    pub vapi_assistants: Vec<Linkable>,
}

/// What a campaign may be linked to; a new one, where none is named.
pub async fn linkable(pool: &PgPool, campaign_id: Option<Uuid>) -> Result<Linkables> {
    let rows = sqlx::query(include_str!("linkable.sql")).bind(campaign_id).fetch_all(pool).await?;
    let mut found = Linkables::default();
    for row in rows {
        let list = match row.try_get("kind")? {
            "instantly" => &mut found.instantly_campaigns,
            "vapi_campaign" => &mut found.vapi_campaigns,
            _ => &mut found.vapi_assistants,
        };
        list.push(Linkable { id: row.try_get("id")?, name: row.try_get("name")? });
    }
    Ok(found)
}
