//! `/emails`: newest first by creation. The list never tells what is an automatic reply; one mail does.

use serde_json::json;
use uuid::Uuid;

use crate::answer::Answer;
use crate::clock;
use crate::query::Call;
use crate::world::World;
use crate::world::mails::Filter;

pub(super) fn list(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let limit = call.limit()?;
    let time = |key: &str| match call.get(key) {
        None => Ok(None),
        Some(text) => clock::parse(text)
            .map(Some)
            .ok_or_else(|| Answer::error(400, &format!("querystring/{key} must match format \"date-time\""))),
    };
    let after = match call.get("starting_after") {
        None => None,
        Some(text) => {
            let id = Uuid::parse_str(text);
            Some(id.map_err(|_| Answer::error(400, "querystring/starting_after must match format \"uuid\""))?)
        }
    };
    let text = |key: &str| call.get(key).map(str::to_owned);
    let search = call.get("search");
    let thread = search.and_then(|search| search.strip_prefix("thread:")).map(str::to_owned);
    let lead = text("lead").or_else(|| search.filter(|_| thread.is_none()).map(str::to_owned));
    let filter = Filter {
        campaign: text("campaign_id"),
        lead,
        thread,
        account: text("eaccount"),
        kind: text("email_type"),
        unread: call.get("is_unread").map(|_| call.flag("is_unread")),
        from: time("min_timestamp_created")?,
        to: time("max_timestamp_created")?,
        ascending: call.get("sort_order") == Some("asc"),
    };
    let page = world.mails.page(&filter, after, limit);
    Ok(Answer::page(&page.rows, limit, page.last.map(|id| id.to_string())))
}

pub(super) fn one(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    Ok(Answer::found(world.email(&call.id).as_ref()))
}

pub(super) fn unread(world: &mut World, _call: &Call) -> Result<Answer, Answer> {
    Ok(Answer::json(&json!({"count": world.unread()})))
}
