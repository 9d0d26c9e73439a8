//! Lists that were taken in: a file is the body, streamed; the report comes back.

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use engine::import::{self, Field, Imported, Input, Options, Preview, Report, RowVerdict, Undone};
use engine::keyset::After;
use engine::sync::Stop;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Id, limit};
use super::once::OnceKey;
use super::page::{Page, PageAsked};
use super::problem::Refusals;
use super::upload::Upload;
use crate::error::Result;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, take))
        .routes(routes!(preview))
        .routes(routes!(show))
        .routes(routes!(rows))
        .routes(routes!(rejects))
        .routes(routes!(undo))
        .routes(routes!(redo))
}

/// Imports, newest first.
#[utoipa::path(get, path = "/imports", tag = "imports", operation_id = "list_imports", params(PageAsked),
    responses((status = 200, description = "A page of imports", body = Page<Report>), Refusals))]
async fn list(State(app): State<App>, Asked(asked): Asked<PageAsked>) -> Result<Json<Page<Report>>> {
    let limit = limit(asked.limit)?;
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    let found = import::list(&app.pool, after, limit + 1).await?;
    Ok(Json(Page::cut(found, limit, |one| After { rank: 0, at: one.started_at, id: one.id }.to_string())))
}

/// How a file is to be read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FileAsked {
    /// What the file is called.
    file_name: Option<String>,
    /// Say what would happen, and change nothing.
    #[serde(default)]
    dry_run: bool,
    /// Read a file again that was imported before.
    #[serde(default)]
    again: bool,
    /// A saved mapping to use; with `map`, the name to save it under.
    mapping: Option<String>,
    /// What columns mean, as `Header=field` with a comma between; `Header=ignore` keeps one as it is.
    map: Option<String>,
    /// Fields that replace what is there, with a comma between; all others only fill blanks.
    overwrite: Option<String>,
}

impl FileAsked {
    fn options(&self) -> Result<Options> {
        let words = |text: &Option<String>| -> Vec<String> {
            text.iter()
                .flat_map(|text| text.split(','))
                .map(|word| word.trim().to_owned())
                .filter(|word| !word.is_empty())
                .collect()
        };
        let map = words(&self.map).iter().map(|pair| meaning(pair)).collect::<Result<Vec<_>>>()?;
        Ok(Options {
            dry_run: self.dry_run,
            again: self.again,
            mapping: self.mapping.clone(),
            map,
            overwrite: words(&self.overwrite),
            first_rows: 0,
        })
    }

    fn input(&self, body: Body) -> Input {
        let name = self
            .file_name
            .clone()
            .filter(|name| !name.trim().is_empty())
            .unwrap_or_else(|| "upload.csv".into());
        Input::Stream { name, source: Box::new(Upload::of(body)) }
    }
}

fn meaning(pair: &str) -> Result<(String, Option<Field>)> {
    let refused =
        |hint: String| engine::Error::invalid_field("map", format!("`{pair}` says no meaning"), hint);
    let (header, field) = pair.rsplit_once('=').ok_or_else(|| refused("write it as Header=field".into()))?;
    if field == "ignore" {
        return Ok((header.into(), None));
    }
    let known = || import::FIELDS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let field = Field::named(field).ok_or_else(|| refused(format!("fields: {}, ignore", known())))?;
    Ok((header.into(), Some(field)))
}

/// What came of an import.
#[derive(Debug, Serialize, ToSchema)]
struct Taken {
    #[serde(flatten)]
    report: Report,
    /// The same bytes were imported before; nothing was done, and this is the report of that time.
    known: bool,
    /// An earlier run had been cut off; this one went on.
    resumed: bool,
    dry_run: bool,
}

impl From<Imported> for Taken {
    fn from(done: Imported) -> Self {
        Self { report: done.report, known: done.known, resumed: done.resumed, dry_run: done.dry_run }
    }
}

/// Imports a list: the body is the file as it is (CSV of any dialect, also gzipped). The same bytes twice are one import.
#[utoipa::path(post, path = "/imports", tag = "imports", operation_id = "import_list",
    params(FileAsked, OnceKey),
    request_body(content = String, content_type = "text/csv", description = "The file"),
    responses((status = 200, description = "Known before, or a dry run", body = Taken),
              (status = 201, description = "Imported: the report", body = Taken), Refusals))]
async fn take(
    State(app): State<App>,
    Asked(asked): Asked<FileAsked>,
    request: Request,
) -> Result<(StatusCode, Json<Taken>)> {
    let (options, input) = (asked.options()?, asked.input(request.into_body()));
    let (_ask, stop) = Stop::new();
    let done = Box::pin(import::import(&app.pool, input, &options, &app.clock, &stop, &())).await?;
    let status = if done.known || done.dry_run { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(done.into())))
}

/// How a file would be read, from its first megabyte: dialect, what its columns mean and why, its first rows. Stores nothing.
#[utoipa::path(post, path = "/imports/preview", tag = "imports", operation_id = "preview_import", params(FileAsked, OnceKey),
    request_body(content = Option<String>, content_type = "text/csv", description = "The file, or its beginning"),
    responses((status = 200, description = "How it would be read", body = Preview), Refusals))]
async fn preview(
    State(app): State<App>,
    Asked(asked): Asked<FileAsked>,
    request: Request,
) -> Result<Json<Preview>> {
    let (options, input) = (asked.options()?, asked.input(request.into_body()));
    Ok(Json(import::preview(&app.pool, input, &options).await?))
}

/// One import: its sums, and what each column was taken for.
#[utoipa::path(get, path = "/imports/{id}", tag = "imports", operation_id = "show_import", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The report", body = Report), Refusals))]
async fn show(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Report>> {
    Ok(Json(import::show(&app.pool, id).await?))
}

/// What became of a row.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    New,
    Updated,
    Unchanged,
    Duplicate,
    Rejected,
}

/// Which rows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RowsAsked {
    #[param(inline)]
    outcome: Option<Outcome>,
    /// `next` of the page before.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// The verdict on every row, in the order of the file.
#[utoipa::path(get, path = "/imports/{id}/rows", tag = "imports", operation_id = "import_rows",
    params(("id" = uuid::Uuid, Path), RowsAsked),
    responses((status = 200, description = "A page of verdicts", body = Page<RowVerdict>), Refusals))]
async fn rows(
    State(app): State<App>,
    Id(id): Id,
    Asked(asked): Asked<RowsAsked>,
) -> Result<Json<Page<RowVerdict>>> {
    let limit = limit(asked.limit)?;
    import::show(&app.pool, id).await?;
    let outcome = asked.outcome.map(|outcome| match outcome {
        Outcome::New => "new",
        Outcome::Updated => "updated",
        Outcome::Unchanged => "unchanged",
        Outcome::Duplicate => "duplicate",
        Outcome::Rejected => "rejected",
    });
    let found = import::rows(&app.pool, id, outcome, asked.after.unwrap_or(0), limit + 1).await?;
    Ok(Json(Page::cut(found, limit, |row| row.line.to_string())))
}

/// The refused rows as CSV, with the reason: mend them and import them again.
#[utoipa::path(get, path = "/imports/{id}/rejects", tag = "imports", operation_id = "import_rejects",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The rows", body = String, content_type = "text/csv"), Refusals))]
async fn rejects(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Response> {
    import::show(&app.pool, id).await?;
    let mut csv = Vec::new();
    import::rejects(&app.pool, id, &mut csv).await?;
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8")], csv).into_response())
}

/// Takes an import back: what it made goes, what it filled is blank again; what was touched since stays.
#[utoipa::path(post, path = "/imports/{id}/undo", tag = "imports", operation_id = "undo_import", params(("id" = uuid::Uuid, Path), OnceKey),
    responses((status = 200, description = "What was taken back", body = Undone), Refusals))]
async fn undo(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Undone>> {
    Ok(Json(import::undo(&app.pool, id, app.clock.now()).await?))
}

/// Imports the kept bytes once more, after an undo.
#[utoipa::path(post, path = "/imports/{id}/redo", tag = "imports", operation_id = "redo_import", params(("id" = uuid::Uuid, Path), OnceKey),
    responses((status = 200, description = "The report", body = Taken), Refusals))]
async fn redo(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Taken>> {
    let (_ask, stop) = Stop::new();
    Ok(Json(Box::pin(import::redo(&app.pool, id, &app.clock, &stop, &())).await?.into()))
}
