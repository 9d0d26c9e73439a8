//! Connections: who may send webhooks, what to paste where, secrets this once.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use engine::connections::{self, Connection, Issued, KINDS, New, Proof, Setting};
use jiff::SignedDuration;
use serde::Deserialize;
use uuid::Uuid;

use super::page;
use crate::error::Result;
use crate::parts;
use crate::say;
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;
use crate::toast::Toast;

/// How long secrets before a rotation stay valid, unless a person says otherwise.
const GRACE_HOURS: i64 = 24;

#[derive(Template)]
#[template(path = "connections.html")]
struct Page {
    shell: Shell,
    connections: Vec<Connection>,
    issued: Option<Issued>,
    public_url: String,
    sources: Vec<&'static str>,
}

impl Page {
    fn settings(&self, issued: &Issued) -> Vec<Setting> {
        issued.settings(&self.public_url)
    }

    fn proof(&self, connection: &Connection) -> String {
        match &connection.proof {
            Proof::Path => "its address".into(),
            Proof::Header { name, .. } => format!("header {name}"),
            Proof::Hmac(hmac) => format!("signature {}", hmac.signature_header),
        }
    }

    /// The address works on this machine only.
    fn is_local(&self) -> bool {
        ["://127.", "://localhost", "://[::1]"].iter().any(|local| self.public_url.contains(local))
    }
}

async fn show(shell: Shell, app: &App, issued: Option<Issued>) -> Result<Response> {
    let connections = connections::list(&app.pool, shell.now).await?;
    let page_of = Page {
        shell: shell.clone(),
        connections,
        issued,
        public_url: app.tools.public_url.clone(),
        sources: app.tools.sources.clone(),
    };
    Ok(page(&shell, &page_of))
}

pub(crate) async fn list(shell: Shell, State(app): State<App>) -> Result<Response> {
    show(shell, &app, None).await
}

#[derive(Deserialize)]
pub(crate) struct Add {
    /// A source, or a source and its tool: `linkedin:heyreach`.
    source: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    way: String,
}

/// `POST /connections`: makes one. Its secrets stand on the answer, and nowhere else.
pub(crate) async fn add(
    _: Actor,
    shell: Shell,
    State(app): State<App>,
    Form(asked): Form<Add>,
) -> Result<Response> {
    let (source, provider) = asked.source.split_once(':').unwrap_or((&asked.source, ""));
    let new = New {
        source: source.into(),
        provider: provider.into(),
        label: asked.label,
        way: Some(asked.way).filter(|way| !way.is_empty()),
        ..New::default()
    };
    let issued = connections::add(&app.pool, &app.tools.keys, new, shell.now).await?;
    show(shell, &app, Some(issued)).await
}

#[derive(Deserialize)]
pub(crate) struct Rotate {
    grace_hours: Option<i64>,
}

/// `POST /connections/{id}/rotate`: new secrets, shown this once; the ones before stay valid for a while.
pub(crate) async fn rotate(
    _: Actor,
    shell: Shell,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(asked): Form<Rotate>,
) -> Result<Response> {
    let hours = asked.grace_hours.unwrap_or(GRACE_HOURS).clamp(0, 24 * 365);
    let grace = SignedDuration::from_hours(hours);
    let issued =
        connections::rotate(&app.pool, &app.tools.keys, &id.to_string(), None, grace, shell.now).await?;
    show(shell, &app, Some(issued)).await
}

/// `POST /connections/{id}/test`: sends a delivery of our own through it.
pub(crate) async fn test(_: Actor, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let named = id.to_string();
    let tested =
        connections::test(&app.pool, &app.tools.keys, &named, &app.tools.public_url, &app.clock).await;
    let toast = match tested {
        Ok(tested) => Toast::done(format!(
            "A trial came through {} in {} ms and was stored.",
            tested.label, tested.milliseconds
        )),
        Err(error @ engine::Error::Database(_)) => return Err(error.into()),
        Err(error) => {
            let hint = error.hint().map(|hint| format!(" Hint: {hint}.")).unwrap_or_default();
            Toast::failed(format!("The trial did not come through: {error}.{hint}"))
        }
    };
    Ok(toast.then("/connections"))
}

/// `POST /connections/{id}/remove`: refused from now on; what came stays.
pub(crate) async fn remove(_: Actor, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let removed = connections::remove(&app.pool, &id.to_string(), app.clock.now()).await?;
    let words = format!(
        "{} is refused from now on; what it sent stays. Take the webhook out at the vendor, too.",
        removed.label
    );
    Ok(Toast::done(words).then("/connections"))
}
