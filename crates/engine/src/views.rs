//! Names for addresses of lists: a view holds filters and order, never rows. Leaves what they mean to the pages.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::{Error, Result};

/// Pages that have views.
pub const PAGES: &[&str] = &["leads", "companies", "replies", "queue"];

/// A name for an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct View {
    pub id: Uuid,
    pub view_name: String,
    /// Page it opens.
    pub page: String,
    /// What stands behind the question mark.
    pub query: String,
    /// Who made it; null: not known.
    pub created_by: Option<Uuid>,
    pub created_at: Timestamp,
}

/// The views of a page, or of all pages, by name.
pub async fn list(pool: &PgPool, page: Option<&str>) -> Result<Vec<View>> {
    let rows = sqlx::query(include_str!("views/list.sql")).bind(page).fetch_all(pool).await?;
    rows.iter().map(read).collect()
}

/// Keeps an address under a name; the same name again is moved to the new address.
pub async fn save(
    pool: &PgPool,
    page: &str,
    name: &str,
    query: &str,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<View> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 80 {
        return Err(Error::invalid(
            "view_name: a view needs one of 1 to 80 letters",
            "such as `Answered, Nordics`",
        ));
    }
    if !PAGES.contains(&page) {
        return Err(Error::invalid(
            format!("page: `{page}` has no views"),
            format!("one of {}", PAGES.join(", ")),
        ));
    }
    if query.len() > 2000 {
        return Err(Error::invalid("query: it is too long to be kept", "2,000 signs at most"));
    }
    let row = sqlx::query(include_str!("views/save.sql"))
        .bind(name)
        .bind(page)
        .bind(query.trim_start_matches('?'))
        .bind(by)
        .bind(now.to_sqlx())
        .fetch_one(pool)
        .await?;
    read(&row)
}

/// Takes a view away, and says what it was; the address itself goes on working.
pub async fn remove(pool: &PgPool, id: Uuid) -> Result<View> {
    let row =
        sqlx::query("delete from views where id = $1 returning *").bind(id).fetch_optional(pool).await?;
    let Some(row) = row else {
        return Err(Error::not_found(format!("there is no view {id}"), "it may have been removed already"));
    };
    read(&row)
}

fn read(row: &PgRow) -> Result<View> {
    Ok(View {
        id: row.try_get("id")?,
        view_name: row.try_get("view_name")?,
        page: row.try_get("page")?,
        query: row.try_get("query")?,
        created_by: row.try_get("created_by")?,
        created_at: row.try_get::<jiff_sqlx::Timestamp, _>("created_at")?.to_jiff(),
    })
}
