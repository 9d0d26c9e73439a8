//! `/workspaces/current` and `/lead-labels`.

use super::page;
use crate::answer::Answer;
use crate::query::Call;
use crate::world::World;

pub(super) fn current(world: &mut World, _call: &Call) -> Result<Answer, Answer> {
    Ok(Answer::json(world.workspace()))
}

/// The cursor of this list is a timestamp.
pub(super) fn labels(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let limit = call.limit()?;
    let after = call.get("starting_after").unwrap_or_default();
    let created =
        |label: &serde_json::Value| label["timestamp_created"].as_str().unwrap_or_default().to_owned();
    let rows = world.labels().values().filter(|label| created(label).as_str() > after);
    Ok(page(rows, limit, created))
}
