//! Who may enter: users, keys for programs, and one's own browsers. What is shown once is on the answer to the form, and on
//! no page after it.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use engine::actor::{Role, SCOPES, Scope};
use engine::api_keys::{self, ApiKey};
use engine::audit::{self, Entry, Filter};
use engine::sessions::{self, Session};
use engine::users::{self, User, setup};
use engine::{Error, PgPool};
use serde::Deserialize;
use uuid::Uuid;

use super::page;
use crate::error::{Failure, Result};
use crate::parts;
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;
use crate::toast::Toast;

#[derive(Template)]
#[template(path = "people.html")]
struct People {
    shell: Shell,
    users: Vec<User>,
    keys: Vec<ApiKey>,
    entries: Vec<Entry>,
    /// Shown this once: what it is for, and the secret itself.
    once: Option<(String, String)>,
    /// What could not be done, and what to do.
    trouble: Option<(String, Option<String>)>,
}

impl People {
    async fn of(shell: Shell, pool: &PgPool) -> Result<Self> {
        let entries = audit::list(pool, &Filter::default(), 20).await?;
        let (users, keys) = (users::list(pool).await?, api_keys::list(pool, None).await?);
        Ok(Self { shell, users, keys, entries, once: None, trouble: None })
    }

    fn scopes() -> Vec<&'static str> {
        SCOPES.iter().map(|(name, _)| *name).collect()
    }

    fn scopes_of(key: &ApiKey) -> String {
        key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn answer(self) -> Response {
        page(&self.shell.clone(), &self)
    }
}

/// `GET /settings/people`
pub(crate) async fn show(shell: Shell, State(app): State<App>) -> Result<Response> {
    Ok(People::of(shell, &app.pool).await?.answer())
}

#[derive(Deserialize)]
pub(crate) struct NewUser {
    email: String,
    #[serde(default)]
    full_name: String,
    role: String,
}

/// `POST /settings/people/users`
pub(crate) async fn add_user(
    shell: Shell,
    State(app): State<App>,
    Form(new): Form<NewUser>,
) -> Result<Response> {
    let made = async {
        let role = Role::named(&new.role)?;
        let new = users::New { email: &new.email, full_name: Some(&new.full_name), role };
        users::add(&app.pool, new, app.clock.now()).await
    };
    match made.await {
        Ok(user) => invited(shell, &app, &user).await,
        Err(error) => refused(shell, &app, error).await,
    }
}

/// `POST /settings/people/users/{id}/password`
pub(crate) async fn new_password(
    shell: Shell,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let user = users::find(&app.pool, &id.to_string()).await?;
    invited(shell, &app, &user).await
}

/// The page with the link by which somebody chooses a password.
async fn invited(shell: Shell, app: &App, user: &User) -> Result<Response> {
    let secret = setup::give(&app.pool, user, app.clock.now()).await?;
    let link = format!("{}/setup/{}", app.tools.public_url.trim_end_matches('/'), secret.reveal());
    let words = format!("{} chooses a password here, once, within three days", user.name());
    let page = People { once: Some((words, link)), ..People::of(shell, &app.pool).await? };
    Ok(page.answer())
}

#[derive(Deserialize)]
pub(crate) struct NewRole {
    role: String,
}

/// `POST /settings/people/users/{id}/role`
pub(crate) async fn set_role(
    shell: Shell,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(new): Form<NewRole>,
) -> Result<Response> {
    let role = Role::named(&new.role)?;
    match users::set_role(&app.pool, &id.to_string(), role, app.clock.now()).await {
        Ok(user) => Ok(back(&format!("{} is {} now.", user.name(), user.role.as_str()))),
        Err(error) => refused(shell, &app, error).await,
    }
}

/// `POST /settings/people/users/{id}/disable`
pub(crate) async fn disable(shell: Shell, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    match users::disable(&app.pool, &id.to_string(), app.clock.now()).await {
        Ok(user) => Ok(back(&format!("{} may not enter any more.", user.name()))),
        Err(error) => refused(shell, &app, error).await,
    }
}

/// `POST /settings/people/users/{id}/enable`
pub(crate) async fn enable(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let user = users::enable(&app.pool, &id.to_string(), app.clock.now()).await?;
    Ok(back(&format!("{} may enter again.", user.name())))
}

/// `POST /settings/people/keys`: a label, and a field for each scope.
pub(crate) async fn add_key(
    shell: Shell,
    actor: Actor,
    State(app): State<App>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let of =
        |wanted: &'static str| fields.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value);
    let label = of("label").next().cloned().unwrap_or_default();
    let made = async {
        let scopes = of("scope").map(|name| Scope::named(name)).collect::<engine::Result<Vec<_>>>()?;
        for scope in &scopes {
            actor.who.check(*scope)?;
        }
        let new =
            api_keys::New { label: &label, scopes: &scopes, user_id: actor.who.user_id, expires_at: None };
        api_keys::add(&app.pool, new, app.clock.now()).await
    };
    match made.await {
        Ok((key, secret)) => {
            let words = format!("The key `{}`; send it as `Authorization: Bearer …`", key.label);
            let once = Some((words, secret.reveal().to_owned()));
            Ok(People { once, ..People::of(shell, &app.pool).await? }.answer())
        }
        Err(error) => refused(shell, &app, error).await,
    }
}

/// `POST /settings/people/keys/{id}/revoke`
pub(crate) async fn revoke(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let key = api_keys::revoke(&app.pool, &id.to_string(), app.clock.now()).await?;
    Ok(back(&format!("The key “{}” is refused from now on.", key.label)))
}

fn back(words: &str) -> Response {
    Toast::done(words).then("/settings/people")
}

/// The page again, with what stood in the way; what is no word to a person goes on as it is.
async fn refused(shell: Shell, app: &App, error: Error) -> Result<Response> {
    match error {
        Error::Invalid { .. } | Error::Conflict { .. } | Error::Forbidden { .. } => {
            let trouble = Some((error.to_string(), error.hint()));
            Ok(People { trouble, ..People::of(shell, &app.pool).await? }.answer())
        }
        other => Err(Failure::Engine(other)),
    }
}

#[derive(Template)]
#[template(path = "sessions.html")]
struct Sessions {
    shell: Shell,
    sessions: Vec<Session>,
    this: Option<Uuid>,
}

impl Sessions {
    fn is_this(&self, one: &Session) -> bool {
        self.this == Some(one.id)
    }
}

/// `GET /sessions`
pub(crate) async fn sessions(shell: Shell, actor: Actor, State(app): State<App>) -> Result<Response> {
    let sessions = match actor.who.user_id {
        Some(user) => sessions::list(&app.pool, user, app.clock.now()).await?,
        None => Vec::new(),
    };
    Ok(page(&shell.clone(), &Sessions { shell, sessions, this: actor.who.session_id }))
}

/// `POST /sessions/{id}/end`
pub(crate) async fn end_session(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let absent = || Error::not_found("that session is not known", "the list shows yours");
    let user = actor.who.user_id.ok_or_else(absent)?;
    sessions::end(&app.pool, user, id, app.clock.now()).await?;
    Ok(Toast::done("That browser is signed out.").then("/sessions"))
}
