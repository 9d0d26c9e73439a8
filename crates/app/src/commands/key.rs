//! `touchline key`: keys by which programs enter the API.

use std::process::ExitCode;

use engine::api_keys::{self, ApiKey, New};
use engine::db::Database;
use engine::users;
use jiff::Timestamp;
use serde_json::json;

use crate::config::{Global, Key};
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, asked: Key) -> anyhow::Result<ExitCode> {
    let (pool, now) = (database.pool(), Timestamp::now());
    match asked {
        Key::Add { label, scopes, user, expires } => {
            let user_id = match user {
                Some(named) => Some(users::find(pool, &named).await?.id),
                None => None,
            };
            let new = New { label: &label, scopes: &scopes, user_id, expires_at: expires };
            let (key, secret) = api_keys::add(pool, new, now).await?;
            if global.json {
                output::json(&json!({ "key": key, "secret": secret.reveal() }))?;
            } else {
                output::print(&format!(
                    "{}\n\n  {}\n\nIt is shown this once. Send it as `Authorization: Bearer …`; it may: {}.",
                    output::plain(&key.label),
                    secret.reveal(),
                    scopes_of(&key)
                ));
            }
        }
        Key::List => list(global, &api_keys::list(pool, None).await?)?,
        Key::Revoke { key } => {
            let revoked = api_keys::revoke(pool, &key, now).await?;
            if global.json {
                output::json(&revoked)?;
            } else {
                output::print(&format!("{} is refused from now on.", output::plain(&revoked.label)));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(global: &Global, keys: &[ApiKey]) -> anyhow::Result<()> {
    if global.json {
        return output::json(&keys);
    }
    if keys.is_empty() {
        output::print("no keys; `touchline key add LABEL --scope read` makes one");
        return Ok(());
    }
    let now = Timestamp::now();
    let rows: Vec<Vec<String>> = keys
        .iter()
        .map(|key| {
            let state = match (key.revoked_at, key.expires_at, key.last_used_at) {
                (Some(at), ..) => format!("revoked {}", output::ago(at, now)),
                (None, Some(end), _) if end <= now => format!("expired {}", output::ago(end, now)),
                (None, _, Some(at)) => format!("used {}", output::ago(at, now)),
                (None, _, None) => "never used".into(),
            };
            vec![
                format!("{}…", key.hint),
                output::plain(&key.label),
                state,
                output::plain(key.user_email.as_deref().unwrap_or("the database's owner")),
                scopes_of(key),
            ]
        })
        .collect();
    output::print(&output::table(&rows));
    Ok(())
}

fn scopes_of(key: &ApiKey) -> String {
    key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ")
}
