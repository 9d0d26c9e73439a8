//! Signing in and out, and choosing a password by a set-up link. A form that was being sent when the session ended is kept
//! through the sign-in and shown again.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use engine::sessions::{self, Begun, Browser};
use engine::users::setup;
use engine::{Error, sessions::sign_in as begin_session};
use serde::Deserialize;

use crate::error::{Failure, Result, Said};
use crate::session::sent::{Field, fields};
use crate::session::{Actor, address, cookie, is_plain_http, ours};
use crate::state::App;
use crate::toast;

/// What goes on after signing in.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Kept {
    #[serde(default)]
    pub(crate) next: String,
    /// Where a form was being sent.
    pub(crate) resume_to: Option<String>,
    /// What stood in it, as browsers write it.
    pub(crate) resume: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    kept: Kept,
    email: String,
    trouble: Option<(String, Option<String>)>,
}

#[derive(Template)]
#[template(path = "resume.html")]
struct Resume {
    to: String,
    next: String,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "setup.html")]
struct Setup {
    secret: String,
    /// Whose password; None: the first admin's.
    known: Option<String>,
    email: String,
    full_name: String,
    trouble: Option<(String, Option<String>)>,
}

pub(crate) async fn show(State(app): State<App>, Query(kept): Query<Kept>) -> Response {
    if !app.tools.entry.sign_in {
        return toast::on_to("/");
    }
    page_of(&app, Kept { next: kept.next, ..Kept::default() }, None, StatusCode::OK)
}

/// The sign-in page, with what goes on after it.
pub(crate) fn page_of(_: &App, kept: Kept, refused: Option<(&str, &Error)>, status: StatusCode) -> Response {
    let email = refused.map(|(email, _)| email.to_owned()).unwrap_or_default();
    let trouble = refused.map(|(_, error)| (error.to_string(), error.hint()));
    rendered(status, &SignIn { kept, email, trouble })
}

#[derive(Deserialize)]
pub(crate) struct Given {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
    resume_to: Option<String>,
    resume: Option<String>,
}

pub(crate) async fn enter(
    State(app): State<App>,
    parts: Parts,
    Form(given): Form<Given>,
) -> Result<Response> {
    if !app.tools.entry.sign_in {
        return Ok(toast::on_to("/"));
    }
    refuse_plain_http(&app, &parts)?;
    let kept = Kept { next: given.next, resume_to: given.resume_to, resume: given.resume };
    let (from, agent) = whence(&parts);
    let browser = Browser { address: &from, user_agent: &agent };
    let begun = begin_session(&app.pool, &given.email, &given.password, browser, app.clock.now()).await;
    match begun {
        Ok(begun) => Ok(inside(&app, &parts, &begun, kept)),
        Err(error @ (Error::Unproven { .. } | Error::TooOften { .. })) => {
            let seconds = if let Error::TooOften { seconds, .. } = &error { Some(*seconds) } else { None };
            let status =
                if seconds.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNAUTHORIZED };
            let mut response = page_of(&app, kept, Some((&given.email, &error)), status);
            if let Some(seconds) = seconds {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// Signed in: on to the page, or the form that was being sent is there again.
fn inside(app: &App, parts: &Parts, begun: &Begun, kept: Kept) -> Response {
    let next = ours(&kept.next).to_owned();
    let mut response = match (kept.resume_to, kept.resume) {
        (Some(to), Some(form)) if !form.is_empty() => {
            let fields = fields(&form);
            rendered(StatusCode::OK, &Resume { to: ours(&to).to_owned(), next, fields })
        }
        _ => toast::on_to(&next),
    };
    let (name, value) =
        cookie::set(parts, &app.tools.entry, begun.token.reveal(), begun.expires_at, app.clock.now());
    response.headers_mut().append(name, value);
    response
}

pub(crate) async fn leave(State(app): State<App>, actor: Actor, parts: Parts) -> Result<Response> {
    if let (Some(user), Some(session)) = (actor.who.user_id, actor.who.session_id) {
        sessions::end(&app.pool, user, session, app.clock.now()).await?;
    }
    let mut response = toast::on_to("/sign-in");
    let (name, value) = cookie::clear(&parts, &app.tools.entry);
    response.headers_mut().append(name, value);
    Ok(response)
}

pub(crate) async fn show_setup(State(app): State<App>, Path(secret): Path<String>) -> Result<Response> {
    let link = setup::open(&app.pool, &secret, app.clock.now()).await?;
    let known = link.user.and_then(|user| user.email);
    let page = Setup { secret, known, email: String::new(), full_name: String::new(), trouble: None };
    Ok(rendered(StatusCode::OK, &page))
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    email: String,
    #[serde(default)]
    full_name: String,
    password: String,
}

pub(crate) async fn choose(
    State(app): State<App>,
    Path(secret): Path<String>,
    parts: Parts,
    Form(chosen): Form<Chosen>,
) -> Result<Response> {
    refuse_plain_http(&app, &parts)?;
    let now = app.clock.now();
    let person = (chosen.email.as_str(), Some(chosen.full_name.as_str()));
    match setup::choose(&app.pool, &secret, person, &chosen.password, now).await {
        Ok(user) => {
            let (from, agent) = whence(&parts);
            let browser = Browser { address: &from, user_agent: &agent };
            let begun = sessions::begin(&app.pool, user.id, browser, now).await?;
            Ok(inside(&app, &parts, &begun, Kept::default()))
        }
        Err(error @ Error::Invalid { .. }) => {
            let known = setup::open(&app.pool, &secret, now).await?.user.and_then(|user| user.email);
            let trouble = Some((error.to_string(), error.hint()));
            let page = Setup { secret, known, email: chosen.email, full_name: chosen.full_name, trouble };
            Ok(rendered(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

fn refuse_plain_http(app: &App, parts: &Parts) -> Result<(), Failure> {
    if !is_plain_http(parts, &app.tools.entry) {
        return Ok(());
    }
    let hint = "put a proxy with TLS before it and open it by https://; in a network that encrypts by itself, start it \
                with `--plain-http`";
    Err(Said::new(StatusCode::FORBIDDEN, "passwords would travel unencrypted here", Some(hint.into())).into())
}

fn whence(parts: &Parts) -> (String, String) {
    let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    (address(&parts.extensions, &parts.headers), agent.to_owned())
}

fn rendered(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, [(CACHE_CONTROL, "no-store")], Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
