//! `/campaigns`: configurations, by id.

use super::{contains, id, page};
use crate::answer::Answer;
use crate::query::Call;
use crate::world::World;

pub(super) fn list(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let limit = call.limit()?;
    let after = call.get("starting_after").unwrap_or_default();
    let status: Option<i64> = call.get("status").and_then(|status| status.parse().ok());
    let rows = world.campaigns().values().filter(|campaign| {
        campaign["id"].as_str().is_some_and(|id| id > after)
            && contains(campaign, &["name"], call.get("search"))
            && status.is_none_or(|status| campaign["status"] == status)
    });
    Ok(page(rows, limit, id))
}

pub(super) fn one(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    Ok(Answer::found(world.campaigns().get(&call.id)))
}
