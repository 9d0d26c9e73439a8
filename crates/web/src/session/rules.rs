//! What it takes to do what an address does: one list for pages and the API, by the first word of the address.
//! Leaves judging to `engine::actor`.

use axum::http::Method;
use engine::actor::Scope;

/// What an address takes.
pub(super) fn needed(method: &Method, path: &str) -> Scope {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    let mut words = path.split('/').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or("");
    let is_about_people = match first {
        "users" | "keys" | "audit" => true,
        "settings" => words.next() == Some("people"),
        _ => false,
    };
    if is_about_people {
        return Scope::People;
    }
    if is_safe(method) {
        return Scope::Read;
    }
    match first {
        // One's own.
        "sign-out" | "sessions" => Scope::Read,
        "connections" => Scope::Connections,
        "settings" => Scope::Settings,
        "sync" | "deliveries" | "jobs" | "problems" | "reconcile" => Scope::Sync,
        "import" | "imports" => Scope::Imports,
        "campaigns" | "offers" | "companies" | "rules" => Scope::Campaigns,
        _ => Scope::Touches,
    }
}

/// Changes nothing.
pub(crate) fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_is_reading_but_for_people_and_every_write_takes_more() {
        assert_eq!(needed(&Method::GET, "/leads"), Scope::Read);
        assert_eq!(needed(&Method::GET, "/api/v1/users"), Scope::People);
        assert_eq!(needed(&Method::GET, "/settings/people"), Scope::People);
        assert_eq!(needed(&Method::GET, "/settings"), Scope::Read);
        assert_eq!(needed(&Method::POST, "/api/v1/keys"), Scope::People);
        assert_eq!(needed(&Method::POST, "/connections"), Scope::Connections);
        assert_eq!(needed(&Method::DELETE, "/api/v1/connections/x"), Scope::Connections);
        assert_eq!(needed(&Method::POST, "/sign-out"), Scope::Read);
        for path in ["/", "/anything/new", "/api/v1/leads/x/touches", "/queue/x/done", "//users"] {
            assert_ne!(needed(&Method::POST, path), Scope::Read, "{path}");
        }
    }
}
