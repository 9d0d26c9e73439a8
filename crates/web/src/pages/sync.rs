//! Sync: how fresh every stream is, receipts, a back-fill's progress, ours against theirs, what needs a look.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use engine::inbox::{self, DeliveryHead, Overview};
use engine::jobs::{self, Job, Kind, State as JobState};
use engine::raw::{self, Changed, Difference, RawTable, Size, Version};
use engine::reconcile::{self, Reconciliation, Total, Verdict};
use engine::schedule::Scheduled;
use engine::sync::{self, ReceiptLine, RunHead, Status, StreamStatus};
use engine::{Error, sources};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::page;
use crate::address::Address;
use crate::error::Result;
use crate::parts;
use crate::say;
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;
use crate::toast::{Toast, on_to};

/// Totals shown before somebody asks for all.
const TOTALS: usize = 12;
const RUNS: i64 = 30;

#[derive(Template)]
#[template(path = "sync.html")]
struct Page {
    shell: Shell,
    status: Status,
    sizes: Vec<Size>,
    /// Sources whose key is here.
    sources: Vec<&'static str>,
    jobs: Vec<Job>,
    reconciliation: Option<Reconciliation>,
    all: bool,
    run: Option<(RunHead, Vec<ReceiptLine>)>,
    deliveries: Overview,
    emails_per_minute: u32,
}

impl Page {
    fn shown<'a>(&self, found: &'a Reconciliation) -> impl Iterator<Item = &'a Total> {
        found.totals.iter().take(if self.all { usize::MAX } else { TOTALS })
    }

    fn compared(&self) -> Option<&Reconciliation> {
        self.reconciliation.as_ref().filter(|found| !found.totals.is_empty())
    }

    fn is_busy(&self) -> bool {
        self.jobs.iter().any(|job| job.state.is_open())
    }

    fn backfills(&self) -> impl Iterator<Item = (&StreamStatus, &sync::Backfill)> {
        self.status.streams.iter().filter_map(|stream| Some((stream, stream.backfill.as_ref()?)))
    }

    fn state(&self, stream: &StreamStatus) -> (&'static str, String) {
        if stream.missing_scope.is_some() {
            return ("warn", "the key cannot see it".into());
        }
        if stream.backfill.is_some() {
            return ("wait", "filling history".into());
        }
        match (stream.last_state.as_deref(), stream.walked_to_end_at) {
            (Some("failed"), _) => ("bad", "failed".into()),
            (Some("running"), _) => ("wait", "running".into()),
            (_, None) => ("idle", "not pulled yet".into()),
            (_, Some(at)) if self.shell.now.duration_since(at).as_hours() >= 24 => ("warn", "behind".into()),
            (Some("stopped"), _) => ("warn", "stopped".into()),
            _ => ("good", "in step".into()),
        }
    }

    /// What runs by itself: `every 5 min`.
    fn every(&self, one: &Scheduled) -> String {
        match i64::from(one.every_seconds) {
            seconds @ ..60 => format!("every {seconds} s"),
            seconds @ 60..7200 => format!("every {} min", seconds / 60),
            seconds => format!("every {} h", seconds / 3600),
        }
    }

    fn done_near(&self, minutes: &f64) -> parts::Html {
        let left = SignedDuration::from_secs((minutes * 60.0) as i64);
        self.shell.clock(&self.shell.now.saturating_add(left).unwrap_or(self.shell.now))
    }
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    all: Option<String>,
}

pub(crate) async fn sync(
    shell: Shell,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let pool = &app.pool;
    let status = sync::status(pool, app.tools.emails_per_minute).await?;
    let mut sizes = Vec::with_capacity(status.streams.len());
    for stream in &status.streams {
        let table = named(stream.raw_table)?;
        sizes.push(raw::size(pool, table).await?);
    }
    let run = match sync::runs(pool, None, 1).await?.pop() {
        None => None,
        Some(run) => {
            let lines = sync::receipt_of(pool, run.id).await.unwrap_or_default();
            Some((run, lines))
        }
    };
    let jobs = jobs::list(pool, None, None, 20).await?;
    let jobs = jobs
        .into_iter()
        .filter(|job| matches!(job.kind, Kind::Sync | Kind::Reconcile))
        .filter(|job| job.state.is_open() || is_recent(job, shell.now))
        .take(3)
        .collect();
    let page_of = Page {
        reconciliation: reconcile::latest(pool).await?,
        deliveries: inbox::overview(pool).await?,
        sources: app.tools.sources.clone(),
        emails_per_minute: app.tools.emails_per_minute,
        all: asked.all.is_some(),
        status,
        sizes,
        jobs,
        run,
        shell: shell.clone(),
    };
    Ok(page(&shell, &page_of))
}

/// What failed is told for ten minutes, what ended well for one.
fn is_recent(job: &Job, now: Timestamp) -> bool {
    let minutes = if job.state == JobState::Finished { 1 } else { 10 };
    job.ended_at.is_some_and(|at| now.duration_since(at) < SignedDuration::from_mins(minutes))
}

fn named(table: &str) -> Result<&'static RawTable> {
    Ok(sources::raw_tables().find(|known| known.name == table).ok_or_else(|| {
        Error::not_found(format!("there is no raw table `{table}`"), "the Sync page lists the streams")
    })?)
}

#[derive(Deserialize)]
pub(crate) struct Run {
    source: String,
    full: Option<String>,
}

/// `POST /sync/run`: a job pulls a source.
pub(crate) async fn run(actor: Actor, State(app): State<App>, Form(asked): Form<Run>) -> Result<Response> {
    let full = json!({ "full": asked.full.is_some() });
    jobs::ask(&app.pool, Kind::Sync, &asked.source, &full, actor.user_id(), app.clock.now()).await?;
    app.tools.wake.up();
    Ok(on_to("/sync"))
}

/// `POST /sync/reconcile`: a job compares.
pub(crate) async fn compare(actor: Actor, State(app): State<App>) -> Result<Response> {
    jobs::ask(&app.pool, Kind::Reconcile, "", &json!({}), actor.user_id(), app.clock.now()).await?;
    app.tools.wake.up();
    Ok(on_to("/sync#recon"))
}

/// `POST /sync/jobs/{id}/stop`
pub(crate) async fn stop(_: Actor, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    jobs::stop(&app.pool, id, app.clock.now()).await?;
    Ok(Toast::done("It stops after the page at hand; the next run goes on there.").then("/sync"))
}

#[derive(Template)]
#[template(path = "sync_runs.html")]
struct RunsPage {
    shell: Shell,
    runs: Vec<RunHead>,
    next: Option<String>,
    paged: bool,
}

#[derive(Deserialize)]
pub(crate) struct After {
    after: Option<String>,
}

pub(crate) async fn runs(
    shell: Shell,
    State(app): State<App>,
    Query(asked): Query<After>,
) -> Result<Response> {
    let after = match asked.after.as_deref() {
        None => None,
        Some(text) => {
            let after: engine::keyset::After = text.parse()?;
            Some((after.at, after.id))
        }
    };
    let mut runs = sync::runs(&app.pool, after, RUNS + 1).await?;
    let more = runs.len() as i64 > RUNS;
    runs.truncate(RUNS as usize);
    let next = runs.last().filter(|_| more).map(|run| {
        let after = engine::keyset::After { rank: 0, at: run.started_at, id: run.id };
        Address::of("/sync/runs").with("after", after).text()
    });
    Ok(page(&shell.clone(), &RunsPage { shell, runs, next, paged: after.is_some() }))
}

#[derive(Template)]
#[template(path = "sync_run.html")]
struct RunPage {
    shell: Shell,
    lines: Vec<ReceiptLine>,
}

/// A column of a receipt: its head, its number, and whether it stands there though all are 0.
type Counted = (&'static str, fn(&ReceiptLine) -> i64, bool);

const COUNTED: [Counted; 12] = [
    ("Pages", |line| line.pages, true),
    ("Items", |line| line.items, true),
    ("New", |line| line.new_records, true),
    ("Changed", |line| line.changed, true),
    ("Same", |line| line.unchanged, true),
    ("Stale", |line| line.stale, false),
    ("Returned", |line| line.returned, false),
    ("Set aside", |line| line.set_aside, false),
    ("Repeated", |line| line.repeated, false),
    ("Gone", |line| line.gone, false),
    ("Requests", |line| line.requests, true),
    ("Retries", |line| line.retries, false),
];

impl RunPage {
    fn counted(&self) -> impl Iterator<Item = &'static Counted> {
        COUNTED
            .iter()
            .filter(|(_, number, always)| *always || self.lines.iter().any(|line| number(line) != 0))
    }
}

pub(crate) async fn receipt(shell: Shell, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let lines = sync::receipt_of(&app.pool, id).await?;
    Ok(page(&shell.clone(), &RunPage { shell, lines }))
}

#[derive(Template)]
#[template(path = "sync_records.html")]
struct RecordsPage {
    shell: Shell,
    table: &'static RawTable,
    tables: Vec<&'static str>,
    key: String,
    recent: Vec<Changed>,
    versions: Vec<Version>,
    /// Indexes of the two versions that are compared: the earlier, the later.
    pair: Option<(usize, usize)>,
    differences: Vec<Difference>,
}

impl RecordsPage {
    fn text(&self, value: &Option<Value>) -> String {
        match value {
            None => "absent".into(),
            Some(Value::String(text)) => text.chars().take(400).collect(),
            Some(other) => other.to_string().chars().take(400).collect(),
        }
    }

    fn pretty(&self, version: &Version) -> String {
        let text = version.original.clone();
        text.unwrap_or_else(|| serde_json::to_string_pretty(&version.payload).unwrap_or_default())
    }
}

#[derive(Deserialize)]
pub(crate) struct Record {
    table: Option<String>,
    key: Option<String>,
    /// Versions to compare, counted from the oldest, 1.
    from: Option<usize>,
    to: Option<usize>,
}

/// `GET /sync/records`: one record through time, and what differs between two of its versions.
pub(crate) async fn records(
    shell: Shell,
    State(app): State<App>,
    Query(asked): Query<Record>,
) -> Result<Response> {
    let tables: Vec<&'static str> = sources::raw_tables().map(|table| table.name).collect();
    let first = tables.first().copied().unwrap_or_default();
    let table = named(asked.table.as_deref().filter(|name| !name.is_empty()).unwrap_or(first))?;
    let key = asked.key.unwrap_or_default().trim().to_owned();
    let recent = if key.is_empty() { raw::recent(&app.pool, table, 30).await? } else { Vec::new() };
    let versions = if key.is_empty() { Vec::new() } else { raw::versions(&app.pool, table, &key).await? };
    let count = versions.len();
    let at = |number: Option<usize>, otherwise: usize| {
        number.filter(|number| (1..=count).contains(number)).map_or(otherwise, |number| count - number)
    };
    let pair = (count > 1).then(|| (at(asked.from, 1), at(asked.to, 0)));
    let differences = pair
        .map_or_else(Vec::new, |(from, to)| raw::difference(&versions[from].payload, &versions[to].payload));
    let page_of =
        RecordsPage { shell: shell.clone(), table, tables, key, recent, versions, pair, differences };
    Ok(page(&shell, &page_of))
}

#[derive(Template)]
#[template(path = "sync_deliveries.html")]
struct DeliveriesPage {
    shell: Shell,
    deliveries: Vec<DeliveryHead>,
    /// waiting, understood, set_aside; empty: all.
    state: String,
}

#[derive(Deserialize)]
pub(crate) struct Deliveries {
    state: Option<String>,
}

pub(crate) async fn deliveries(
    shell: Shell,
    State(app): State<App>,
    Query(asked): Query<Deliveries>,
) -> Result<Response> {
    let known = ["waiting", "understood", "set_aside"];
    let state = super::asked::word("state", &asked.state, &known, |word| word)?;
    let deliveries = inbox::list(&app.pool, state, None, 100).await?;
    let state = state.unwrap_or("").to_owned();
    Ok(page(&shell.clone(), &DeliveriesPage { shell, deliveries, state }))
}

#[derive(Template)]
#[template(path = "sync_delivery.html")]
struct DeliveryPage {
    shell: Shell,
    delivery: inbox::DeliveryWhole,
}

impl DeliveryPage {
    fn body(&self) -> String {
        let read: std::result::Result<Value, _> = serde_json::from_str(&self.delivery.body);
        read.ok()
            .and_then(|value| serde_json::to_string_pretty(&value).ok())
            .unwrap_or_else(|| self.delivery.body.clone())
    }
}

pub(crate) async fn delivery(shell: Shell, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let delivery = inbox::show(&app.pool, &id.to_string()).await?;
    Ok(page(&shell.clone(), &DeliveryPage { shell, delivery }))
}

#[derive(Deserialize)]
pub(crate) struct Retry {
    /// Empty: all that were set aside.
    #[serde(default)]
    id: String,
}

/// `POST /sync/deliveries/retry`: what was set aside is tried again.
pub(crate) async fn retry(_: Actor, State(app): State<App>, Form(asked): Form<Retry>) -> Result<Response> {
    let id = Some(asked.id.as_str()).filter(|id| !id.is_empty());
    let again = inbox::retry(&app.pool, id).await?;
    let again = i64::try_from(again).unwrap_or(i64::MAX);
    Ok(Toast::done(format!("{} tried again.", parts::count(&again, "delivery is", "deliveries are")))
        .then("/sync/deliveries"))
}
