//! Import: a file is dropped, looked at, corrected, checked; imported by a job; then its report stands, with the way back.

mod rejects;

use std::collections::HashMap;

use askama::Template;
use axum::Form;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use engine::Error;
use engine::import::upload::{self, Checked, Reading, Received, Upload};
use engine::import::{self, FIELDS, Field, OUTCOMES, Preview, Refusal, Report, Seen, State as Standing};
use engine::jobs::{self, Job, Kind, State as JobState};
use futures::{StreamExt, TryStreamExt};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

pub(crate) use rejects::rejects;

use super::{asked, page};
use crate::error::Result;
use crate::parts;
use crate::say;
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;
use crate::toast::{Toast, on_to};

/// Rows of a page of verdicts.
const ROWS: i64 = 50;

/// People that a report names above its rows.
const NAMED: i64 = 12;

#[derive(Template)]
#[template(path = "imports.html")]
struct ListPage {
    shell: Shell,
    uploads: Vec<Upload>,
    imports: Vec<Report>,
}

pub(crate) async fn list(shell: Shell, State(app): State<App>) -> Result<Response> {
    let uploads = upload::open(&app.pool, 20).await?;
    let imports = import::list(&app.pool, None, 50).await?;
    Ok(page(&shell.clone(), &ListPage { shell, uploads, imports }))
}

/// `POST /imports`: receives a file of any size, piece by piece; its bytes are on disk when this answers.
pub(crate) async fn receive(actor: Actor, State(app): State<App>, mut form: Multipart) -> Result<Response> {
    let broken = |_| Error::invalid("the file did not come whole", "send it again; nothing was kept");
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            continue;
        }
        let name: String = field.file_name().unwrap_or("list.csv").chars().take(200).collect();
        let chunks = field.map_err(std::io::Error::other).boxed();
        let received = upload::receive(&app.pool, &name, chunks, actor.user_id(), app.clock.now()).await?;
        return Ok(match received {
            Received::Refused(report) => on_to(&format!("/imports/{}", report.id)),
            Received::Kept(upload) => {
                check_again(&app, &actor, upload.id).await?;
                on_to(&file(upload.id))
            }
        });
    }
    Err(Error::invalid("no file was given", "choose a CSV file, or drop one on the page").into())
}

fn file(id: Uuid) -> String {
    format!("/imports/files/{id}")
}

async fn check_again(app: &App, actor: &Actor, id: Uuid) -> Result<Job> {
    let now = app.clock.now();
    let job =
        jobs::ask(&app.pool, Kind::ImportCheck, &id.to_string(), &json!({}), actor.user_id(), now).await?;
    app.tools.wake.up();
    Ok(job)
}

/// One verdict on the bar: class, word, what it means, how many.
struct Share {
    class: &'static str,
    words: &'static str,
    small: String,
    rows: i64,
    x: f64,
    width: f64,
    outcome: &'static str,
}

fn shares(report: &Report) -> Vec<Share> {
    let companies = parts::count(&report.companies_new, "new company", "new companies");
    let all = [
        ("new", "New leads", format!("and {companies}"), report.new_rows, "new"),
        ("changed", "Known, something changes", String::new(), report.updated, "updated"),
        ("same", "Known, nothing changes", String::new(), report.unchanged, "unchanged"),
        (
            "held",
            "Twice in the file",
            "the first row of a person counts".into(),
            report.duplicate,
            "duplicate",
        ),
        ("blocked", "Not taken", reasons(report), report.rejected, "rejected"),
    ];
    let whole = report.rows.max(1) as f64;
    let mut x = 0.0;
    all.into_iter()
        .map(|(class, words, small, rows, outcome)| {
            let width = 100.0 * rows as f64 / whole;
            let share = Share { class, words, small, rows, x, width, outcome };
            x += width;
            share
        })
        .collect()
}

fn reasons(report: &Report) -> String {
    let told: Vec<String> = report
        .reasons
        .iter()
        .filter(|(code, _)| *code != "duplicate_in_file")
        .map(|(code, n)| format!("{n}: {}", say::code(code)))
        .collect();
    told.join("; ")
}

#[derive(Template)]
#[template(path = "import_file.html")]
struct FilePage {
    shell: Shell,
    upload: Upload,
    preview: Preview,
    known: Option<Uuid>,
    check: Option<Job>,
    job: Option<Job>,
    /// Only these verdicts; empty: all.
    outcome: String,
}

impl FilePage {
    fn refusal(&self) -> Option<Refusal> {
        self.preview.refusal.and_then(Refusal::named)
    }

    fn open<'a>(&self, job: &'a Option<Job>) -> Option<&'a Job> {
        job.as_ref().filter(|job| job.state.is_open())
    }

    fn failed<'a>(&self, job: &'a Option<Job>) -> Option<&'a Job> {
        job.as_ref().filter(|job| job.state == JobState::Failed)
    }

    /// Nothing is written yet, so there is nobody to open.
    fn link(&self, _: &Seen) -> Option<Uuid> {
        None
    }

    /// A job is under way: the page asks again by itself.
    fn is_busy(&self) -> bool {
        self.open(&self.check).or(self.open(&self.job)).is_some()
    }

    fn rows<'a>(&'a self, checked: &'a Checked) -> impl Iterator<Item = &'a Seen> {
        checked
            .rows
            .iter()
            .filter(|row| self.outcome.is_empty() || row.verdict.outcome == self.outcome)
            .take(60)
    }

    fn read(&self) -> usize {
        self.preview.columns.iter().filter(|one| one.column.field.is_some()).count()
    }
}

#[derive(Deserialize)]
pub(crate) struct Look {
    outcome: Option<String>,
    after: Option<i64>,
}

impl Look {
    fn outcome(&self) -> Result<Option<&'static str>> {
        asked::word("verdict", &self.outcome, &OUTCOMES, |word| word)
    }
}

pub(crate) async fn look(
    shell: Shell,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Query(asked): Query<Look>,
    headers: HeaderMap,
) -> Result<Response> {
    let pool = &app.pool;
    let subject = id.to_string();
    // The work before its result: what has ended by now has left it, else a page would show neither and stop asking.
    let job = jobs::last(pool, Kind::Import, &subject).await?;
    let check = jobs::last(pool, Kind::ImportCheck, &subject).await?;
    let upload = upload::show(pool, id).await?;
    if let Some(import_id) = upload.import_id {
        return Ok(elsewhere(&headers, &format!("/imports/{import_id}")));
    }
    let preview = upload::preview(pool, &upload).await?;
    let known = upload::known(pool, &upload).await?;
    let outcome = asked.outcome()?.unwrap_or("").to_owned();
    Ok(page(&shell.clone(), &FilePage { shell, upload, preview, known, check, job, outcome }))
}

/// Goes on to a page, also where a script asked for a part of this one.
fn elsewhere(headers: &HeaderMap, to: &str) -> Response {
    if !headers.contains_key("hx-request") {
        return on_to(to);
    }
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/imports"));
    (StatusCode::OK, [(HeaderName::from_static("hx-redirect"), to)]).into_response()
}

/// `POST /imports/files/{id}`: how the file is to be read; what an import would do is worked out anew.
pub(crate) async fn correct(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    read_as(&app, id, &form).await?;
    check_again(&app, &actor, id).await?;
    Ok(on_to(&file(id)))
}

/// Keeps the corrections of a form: for each column `key0`, `was0` and `col0`. Only what differs from the guess is one.
async fn read_as(app: &App, id: Uuid, form: &HashMap<String, String>) -> Result<Upload> {
    let before = upload::show(&app.pool, id).await?;
    let mut fields = before.fields;
    for index in 0.. {
        let part = |name: &str| form.get(&format!("{name}{index}")).map(String::as_str);
        let (Some(key), Some(chosen)) = (part("key"), part("col")) else { break };
        if part("was") != Some(chosen) || fields.contains_key(key) {
            let field = match chosen {
                "" => None,
                word => Some(Field::named(word).ok_or_else(|| {
                    Error::invalid(format!("there is no field `{word}`"), "choose one of the list")
                })?),
            };
            fields.insert(key.to_owned(), field);
        }
    }
    let name = form.get("mapping_name").map(|name| name.trim()).filter(|name| !name.is_empty());
    let reading =
        Reading { fields, overwrite: form.contains_key("overwrite"), mapping_name: name.map(str::to_owned) };
    Ok(upload::read_as(&app.pool, id, &reading, app.clock.now()).await?)
}

/// `POST /imports/files/{id}/import`: a job imports it; the page shows how far it is.
pub(crate) async fn commit(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    if form.contains_key("col0") {
        read_as(&app, id, &form).await?;
    }
    let again = json!({ "again": form.contains_key("again") });
    jobs::ask(&app.pool, Kind::Import, &id.to_string(), &again, actor.user_id(), app.clock.now()).await?;
    app.tools.wake.up();
    Ok(on_to(&file(id)))
}

pub(crate) async fn stop(_: Actor, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    for kind in [Kind::Import, Kind::ImportCheck] {
        if let Some(job) = jobs::last(&app.pool, kind, &id.to_string()).await?
            && job.state.is_open()
        {
            jobs::stop(&app.pool, job.id, app.clock.now()).await?;
        }
    }
    Ok(Toast::done("It stops after the rows at hand. What is in stays; going on begins there.")
        .then(&file(id)))
}

pub(crate) async fn discard(_: Actor, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let upload = upload::show(&app.pool, id).await?;
    upload::discard(&app.pool, id).await?;
    Ok(Toast::done(format!("{} was thrown away.", upload.file_name)).then("/imports"))
}

#[derive(Template)]
#[template(path = "import.html")]
struct ReportPage {
    shell: Shell,
    report: Report,
    rows: Vec<Seen>,
    /// The first rows of people who must not be contacted.
    barred: Vec<Seen>,
    outcome: String,
    next: Option<i64>,
    paged: bool,
}

impl ReportPage {
    fn refusal(&self) -> Option<Refusal> {
        self.report.refusal.as_deref().and_then(Refusal::named)
    }

    fn seconds(&self) -> Option<f64> {
        Some(self.report.ended_at?.duration_since(self.report.started_at).as_secs_f64())
    }

    fn link(&self, row: &Seen) -> Option<Uuid> {
        row.verdict.lead_id.filter(|_| self.report.state == Standing::Completed)
    }

    fn written(&self) -> i64 {
        self.report.new_rows + self.report.updated
    }
}

pub(crate) async fn report(
    shell: Shell,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Query(asked): Query<Look>,
) -> Result<Response> {
    let report = import::show(&app.pool, id).await?;
    let outcome = asked.outcome()?;
    let after = asked.after.unwrap_or(0);
    let mut rows = import::seen(&app.pool, &report, outcome, after, ROWS + 1).await?;
    let more = rows.len() as i64 > ROWS;
    rows.truncate(ROWS as usize);
    let next = rows.last().filter(|_| more).map(|row| row.verdict.line);
    let outcome = outcome.unwrap_or("").to_owned();
    let barred = import::barred(&app.pool, &report, NAMED).await?;
    Ok(page(&shell.clone(), &ReportPage { shell, report, rows, barred, outcome, next, paged: after > 0 }))
}

pub(crate) async fn undo(_: Actor, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let undone = import::undo(&app.pool, id, app.clock.now()).await?;
    let mut words = format!(
        "Taken back: {} and {} removed, {} as before.",
        parts::count(&undone.leads_removed, "lead", "leads"),
        parts::count(&undone.companies_removed, "company", "companies"),
        parts::count(&undone.fields_restored, "field", "fields")
    );
    let kept = undone.leads_kept + undone.companies_kept + undone.fields_kept;
    if kept > 0 {
        words.push_str(&format!(" {} touched since stayed.", parts::number(&kept)));
    }
    app.live.forget().await;
    Ok(Toast::done(words).then(&format!("/imports/{id}")))
}

/// `POST /imports/{id}/redo`: the kept bytes once more, by a job.
pub(crate) async fn redo(actor: Actor, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let now = app.clock.now();
    let upload = upload::of_import(&app.pool, id, now).await?;
    jobs::ask(&app.pool, Kind::Import, &upload.id.to_string(), &json!({}), actor.user_id(), now).await?;
    app.tools.wake.up();
    Ok(on_to(&file(upload.id)))
}

/// Why a verdict is as it is, in one line.
fn because(row: &Seen) -> String {
    let mut told: Vec<String> = row.verdict.reason.iter().map(|reason| say::code(reason)).collect();
    told.extend(row.verdict.joins_line.map(|line| format!("joins row {line}")));
    told.extend(row.verdict.notes.iter().flatten().map(|note| say::code(note)));
    told.join("; ")
}

/// How many rows had a verdict; of all, where none is named.
fn number_of(report: &Report, outcome: &str) -> i64 {
    match outcome {
        "new" => report.new_rows,
        "updated" => report.updated,
        "unchanged" => report.unchanged,
        "duplicate" => report.duplicate,
        "rejected" => report.rejected,
        _ => report.rows,
    }
}
