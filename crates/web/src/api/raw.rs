//! Records as a vendor told them: now, then, and every version there was.

use axum::Json;
use axum::extract::{Path, State};
use engine::raw::{self, RawTable, Version};
use engine::{Error, sources};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::Asked;
use super::page::Page;
use super::problem::Refusals;
use crate::error::Result;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show)).routes(routes!(versions))
}

/// When.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WhenAsked {
    /// How it stood then; as it stands now where it is left out.
    as_of: Option<Timestamp>,
}

/// One record, now or at a time.
#[utoipa::path(get, path = "/raw/{table}/{key}", tag = "sync", operation_id = "raw_record",
    params(("table" = String, Path, description = "Raw table, e.g. instantly_leads_raw"),
           ("key" = String, Path, description = "The vendor's key of the record"), WhenAsked),
    responses((status = 200, description = "The version that stood then", body = Version), Refusals))]
async fn show(
    State(app): State<App>,
    Path((table, key)): Path<(String, String)>,
    Asked(asked): Asked<WhenAsked>,
) -> Result<Json<Version>> {
    let found = raw::show(&app.pool, named(&table)?, &key, asked.as_of).await?;
    found.map(Json).ok_or_else(|| absent(&table, &key).into())
}

/// Every version of a record, newest first.
#[utoipa::path(get, path = "/raw/{table}/{key}/versions", tag = "sync", operation_id = "raw_versions",
    params(("table" = String, Path, description = "Raw table"), ("key" = String, Path, description = "The vendor's key")),
    responses((status = 200, description = "Versions", body = Page<Version>), Refusals))]
async fn versions(
    State(app): State<App>,
    Path((table, key)): Path<(String, String)>,
    Asked(()): Asked<()>,
) -> Result<Json<Page<Version>>> {
    let found = raw::versions(&app.pool, named(&table)?, &key).await?;
    if found.is_empty() {
        return Err(absent(&table, &key).into());
    }
    Ok(Json(Page::whole(found)))
}

fn absent(table: &str, key: &str) -> Error {
    Error::not_found(
        format!("`{table}` had no record `{key}` then"),
        "the key is the vendor's id, as it stands in the table",
    )
}

fn named(table: &str) -> Result<&'static RawTable> {
    let tables = || {
        sources::SOURCES.iter().flat_map(|source| {
            source.streams.iter().map(|stream| stream.table).chain(source.further_tables.iter().copied())
        })
    };
    tables().find(|known| known.name == table).ok_or_else(|| {
        let mut known: Vec<&str> = tables().map(|table| table.name).collect();
        known.sort_unstable();
        known.dedup();
        Error::not_found(format!("there is no raw table `{table}`"), format!("one of: {}", known.join(", ")))
            .into()
    })
}
