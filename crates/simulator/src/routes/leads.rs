//! `/leads`: the list is a POST, in the order of ids, and filters by `campaign`; `campaign_ids` it silently ignores.

use serde_json::Value;

use super::{contains, id, page};
use crate::answer::Answer;
use crate::query::{self, Call};
use crate::world::World;

pub(super) fn list(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let body = call.object()?;
    let limit = match body.get("limit") {
        None => 10,
        Some(value) => {
            let number = value.as_i64().ok_or_else(|| Answer::error(400, "body/limit must be integer"))?;
            query::limit("body", number)?
        }
    };
    let text = |key: &str| match body.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(Answer::error(400, &format!("body/{key} must be string"))),
    };
    let (after, campaign, list) =
        (text("starting_after")?.unwrap_or_default(), text("campaign")?, text("list_id")?);
    let search = text("search")?;
    let ids: Option<Vec<&str>> =
        body.get("ids").and_then(Value::as_array).map(|ids| ids.iter().filter_map(Value::as_str).collect());
    let from = (std::ops::Bound::Excluded(after.to_owned()), std::ops::Bound::Unbounded);
    let rows = world.leads().range(from).map(|(_, lead)| lead).filter(|lead| {
        campaign.is_none_or(|campaign| lead["campaign"] == campaign)
            && list.is_none_or(|list| lead["list_id"] == list)
            && ids.as_ref().is_none_or(|ids| lead["id"].as_str().is_some_and(|id| ids.contains(&id)))
            && contains(lead, &["email", "first_name", "last_name"], search)
    });
    Ok(page(rows, limit, id))
}

pub(super) fn one(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    Ok(Answer::found(world.leads().get(&call.id)))
}
