//! Who asks. Every handler that shows or changes something takes an [`Actor`]; who that is gets decided here and
//! nowhere else: [`enter`] at the door, by [`rules`] of what it takes, with an entry in the audit log for every write.

mod address;
pub(crate) mod cookie;
mod enter;
mod limit;
pub(crate) mod lost;
mod rules;
pub(crate) mod sent;
mod written;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

pub(crate) use address::{address, is_loopback_host, is_plain_http, ours};
pub(crate) use enter::enter;
pub(crate) use limit::KeyLimit;

use crate::error::Failure;
use crate::state::App;

/// Who may come in, and how.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Everybody signs in; else whoever reaches the loopback address is the one user.
    pub sign_in: bool,
    /// Names by which the one user may call this server besides those of the loopback.
    pub hosts: Vec<String>,
    /// Passwords may travel unencrypted, in a network that encrypts by itself.
    pub plain_http: bool,
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    /// Name for people.
    pub(crate) name: String,
    pub(crate) who: engine::actor::Actor,
}

impl Actor {
    /// What a write names as `performed_by`.
    pub(crate) fn user_id(&self) -> Option<uuid::Uuid> {
        self.who.user_id
    }
}

impl From<engine::actor::Actor> for Actor {
    fn from(who: engine::actor::Actor) -> Self {
        let name = if who.way == engine::actor::Way::Owner { "You".into() } else { who.label.clone() };
        Self { name, who }
    }
}

impl FromRequestParts<App> for Actor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let known = parts.extensions.get::<Self>().cloned();
        known.ok_or_else(|| engine::Error::unproven("nobody is signed in", "sign in at /sign-in").into())
    }
}
