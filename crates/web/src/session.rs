//! Who asks. Every handler that shows or changes something takes an [`Actor`]; who that is gets decided here and
//! nowhere else.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use uuid::Uuid;

use crate::state::App;

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    /// Name for people.
    pub(crate) name: String,
}

impl Actor {
    /// The user who acts; None: the one person of a single-user workspace.
    pub(crate) fn by(&self) -> Option<Uuid> {
        None
    }
}

impl FromRequestParts<App> for Actor {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &App) -> Result<Self, Infallible> {
        // Served on loopback only, to the one person who started it.
        Ok(Self { name: "You".into() })
    }
}
