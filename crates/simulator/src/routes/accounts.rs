//! `/accounts`: newest first; the cursor is the creation time and the address, since many share a time.

use serde_json::Value;

use super::{contains, page};
use crate::answer::Answer;
use crate::query::Call;
use crate::world::World;

pub(super) fn list(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let limit = call.limit()?;
    let status: Option<i64> = call.get("status").and_then(|status| status.parse().ok());
    let mut rows: Vec<&Value> = world.accounts().values().collect();
    rows.retain(|account| {
        contains(account, &["email", "first_name", "last_name"], call.get("search"))
            && status.is_none_or(|status| account["status"] == status)
    });
    // A stable sort: the map's order of addresses holds within one time.
    rows.sort_by_key(|account| std::cmp::Reverse(created(account)));
    if let Some(cursor) = call.get("starting_after") {
        let (at, address) = cursor.split_once('&').unwrap_or((cursor, ""));
        rows.retain(|account| {
            let own = created(account);
            own.as_str() < at
                || (own == at && !address.is_empty() && account["email"].as_str() > Some(address))
        });
    }
    Ok(page(rows.into_iter(), limit, |account| {
        format!("{}&{}", created(account), account["email"].as_str().unwrap_or_default())
    }))
}

pub(super) fn one(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    Ok(Answer::found(world.accounts().get(&call.id)))
}

fn created(account: &Value) -> String {
    account["timestamp_created"].as_str().unwrap_or_default().to_owned()
}
