//! `/block-lists-entries`: by id.

use super::{contains, id, page};
use crate::answer::Answer;
use crate::query::Call;
use crate::world::World;

pub(super) fn list(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let limit = call.limit()?;
    let after = call.get("starting_after").unwrap_or_default();
    let domains_only = call.get("domains_only") == Some("true");
    let rows = world.block_list().values().filter(|entry| {
        entry["id"].as_str().is_some_and(|id| id > after)
            && contains(entry, &["bl_value"], call.get("search"))
            && (!domains_only || entry["is_domain"] == true)
    });
    Ok(page(rows, limit, id))
}
