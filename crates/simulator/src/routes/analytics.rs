//! `/campaigns/analytics…`: bare arrays without paging, and one object.

use serde_json::Value;

use crate::answer::Answer;
use crate::query::Call;
use crate::world::World;

pub(super) fn lifetime(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let days = call.days()?;
    let wanted = ids(call);
    let rows =
        world.campaigns().keys().filter(|id| wanted.as_ref().is_none_or(|wanted| wanted.contains(*id)));
    let rows = rows.filter_map(|id| {
        let mut selection = days.clone();
        selection.campaigns = Some(vec![id.clone()]);
        world.analytics_row(id, &selection, !call.flag("exclude_total_leads_count"))
    });
    Ok(Answer::json(&Value::Array(rows.collect())))
}

pub(super) fn overview(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let mut selection = call.days()?;
    selection.campaigns = of_status(world, call, ids(call));
    Ok(Answer::json(&world.overview(&selection)))
}

/// The selector is `campaign_id`; an `id` is ignored, and the answer is the workspace's.
pub(super) fn daily(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let mut selection = call.days()?;
    let campaign = call.get("campaign_id").map(|id| vec![id.to_owned()]);
    selection.campaigns = of_status(world, call, campaign);
    Ok(Answer::json(&Value::Array(world.daily_rows(&selection))))
}

pub(super) fn steps(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let mut selection = call.days()?;
    selection.campaigns = call.get("campaign_id").map(|id| vec![id.to_owned()]);
    Ok(Answer::json(&Value::Array(world.step_rows(&selection, call.flag("include_opportunities_count")))))
}

/// `id` once or `ids` repeated; neither means all.
fn ids(call: &Call) -> Option<Vec<String>> {
    let named = call.query.iter().filter(|(key, _)| key == "id" || key == "ids" || key == "ids[]");
    let ids: Vec<String> = named.map(|(_, value)| value.clone()).collect();
    (!ids.is_empty()).then_some(ids)
}

fn of_status(world: &World, call: &Call, campaigns: Option<Vec<String>>) -> Option<Vec<String>> {
    let Some(status) = call.get("campaign_status").and_then(|status| status.parse::<i64>().ok()) else {
        return campaigns;
    };
    let of_status = world.campaigns().iter().filter(|(_, campaign)| campaign["status"] == status);
    let ids = of_status.map(|(id, _)| id.clone());
    Some(ids.filter(|id| campaigns.as_ref().is_none_or(|wanted| wanted.contains(id))).collect())
}
