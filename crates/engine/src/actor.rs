//! Who acts, and what they may: one answer for pages, the API and commands. Leaves how somebody is known again to
//! `sessions` and `api_keys`, and what was done to `audit`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Error, Result};

/// What may be done, room by room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Look at everything but people, keys, connections and the audit log.
    Read,
    /// Log, link, answer the queue, set interest, stop and suppress.
    Touches,
    /// Make and edit leads, companies, offers, campaigns, their members and rules.
    Campaigns,
    /// Import lists, and take them back.
    Imports,
    /// Start a sync; read deliveries again.
    Sync,
    /// Let vendors send, and stop them.
    Connections,
    /// Facts about the workspace, such as its time zone.
    Settings,
    /// Users, keys, the audit log.
    People,
}

/// Every scope with its name.
pub const SCOPES: &[(&str, Scope)] = &[
    ("read", Scope::Read),
    ("touches", Scope::Touches),
    ("campaigns", Scope::Campaigns),
    ("imports", Scope::Imports),
    ("sync", Scope::Sync),
    ("connections", Scope::Connections),
    ("settings", Scope::Settings),
    ("people", Scope::People),
];

impl Scope {
    pub fn as_str(self) -> &'static str {
        SCOPES.iter().find(|(_, scope)| *scope == self).map_or("read", |(name, _)| name)
    }

    pub fn named(name: &str) -> Result<Self> {
        let found = SCOPES.iter().find(|(known, _)| *known == name.trim()).map(|(_, scope)| *scope);
        found.ok_or_else(|| {
            let known: Vec<&str> = SCOPES.iter().map(|(name, _)| *name).collect();
            Error::invalid(format!("there is no scope `{name}`"), format!("one of: {}", known.join(", ")))
        })
    }
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Admin,
    /// The daily work; no users, keys, connections or settings.
    Member,
    /// Look only.
    Reader,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Reader => "reader",
        }
    }

    pub fn named(name: &str) -> Result<Self> {
        match name.trim() {
            "admin" => Ok(Self::Admin),
            "member" => Ok(Self::Member),
            "reader" => Ok(Self::Reader),
            other => {
                Err(Error::invalid(format!("there is no role `{other}`"), "one of: admin, member, reader"))
            }
        }
    }

    pub fn allows(self, scope: Scope) -> bool {
        match self {
            Self::Admin => true,
            Self::Member => !matches!(scope, Scope::Connections | Scope::Settings | Scope::People),
            Self::Reader => scope == Scope::Read,
        }
    }
}

/// How somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The one user of a workspace without sign-in.
    Owner,
    /// Signed in.
    User,
    /// A program with a key.
    Key,
    /// The command line, whose user has the database itself.
    Command,
    /// Touchline by itself.
    System,
}

impl Way {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::User => "user",
            Self::Key => "key",
            Self::Command => "command",
            Self::System => "system",
        }
    }
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Actor {
    pub way: Way,
    /// Where a user is known; what they write names it as `performed_by`.
    pub user_id: Option<Uuid>,
    pub key_id: Option<Uuid>,
    pub session_id: Option<Uuid>,
    /// Name or address for people; the label of a key.
    pub label: String,
    pub role: Role,
    /// What a key was made for; None: whatever the role may.
    pub scopes: Option<Vec<Scope>>,
}

impl Actor {
    /// The one user of a workspace without sign-in.
    pub fn owner(user_id: Option<Uuid>) -> Self {
        Self::whole(Way::Owner, user_id, "you")
    }

    /// Whoever has the database itself.
    pub fn command(label: &str) -> Self {
        Self::whole(Way::Command, None, label)
    }

    /// Touchline by itself.
    pub fn system() -> Self {
        Self::whole(Way::System, None, "touchline")
    }

    fn whole(way: Way, user_id: Option<Uuid>, label: &str) -> Self {
        let label = label.to_owned();
        Self { way, user_id, key_id: None, session_id: None, label, role: Role::Admin, scopes: None }
    }

    /// Both the role and, with a key, its scopes allow it.
    pub fn may(&self, scope: Scope) -> bool {
        self.role.allows(scope) && self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&scope))
    }

    /// Refuses in words what the actor may not do.
    pub fn check(&self, scope: Scope) -> Result<()> {
        if self.may(scope) {
            return Ok(());
        }
        let name = scope.as_str();
        Err(if self.role.allows(scope) {
            Error::forbidden(
                format!("this key was not made for `{name}`"),
                format!("make one with `touchline key add LABEL --scope {name}`"),
            )
        } else {
            Error::forbidden(
                format!("a {} may not do this: it needs `{name}`", self.role.as_str()),
                "ask an admin to do it, or to give you another role",
            )
        })
    }

    /// Whose keys these are, where something is kept by actor.
    pub fn id(&self) -> String {
        match (self.key_id, self.user_id) {
            (Some(key), _) => format!("key:{key}"),
            (None, Some(user)) if self.way == Way::User => format!("user:{user}"),
            // The owner stays the same while users come and go.
            _ => self.way.as_str().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_has_one_name() {
        for (name, scope) in SCOPES {
            assert_eq!(scope.as_str(), *name);
            assert_eq!(Scope::named(name).unwrap(), *scope);
        }
        assert!(Scope::named("everything").is_err());
    }

    #[test]
    fn a_key_may_no_more_than_its_owner() {
        let mut actor = Actor::owner(None);
        actor.role = Role::Reader;
        actor.scopes = Some(vec![Scope::Read, Scope::People]);
        assert!(actor.may(Scope::Read));
        assert!(!actor.may(Scope::People) && !actor.may(Scope::Touches));
        actor.role = Role::Admin;
        assert!(actor.may(Scope::People) && !actor.may(Scope::Touches));
    }
}
