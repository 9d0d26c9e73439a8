//! `/webhooks` and `/webhook-events`: subscriptions, and the log of every attempt to deliver.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{id, page};
use crate::answer::Answer;
use crate::clock;
use crate::query::Call;
use crate::world::World;

/// What may be subscribed to; deliveries use two names that are not among them.
const EVENT_TYPES: &[&str] = &[
    "all_events",
    "email_sent",
    "email_opened",
    "email_link_clicked",
    "reply_received",
    "email_bounced",
    "lead_unsubscribed",
    "campaign_completed",
    "account_error",
    "lead_neutral",
    "lead_interested",
    "lead_not_interested",
    "lead_meeting_booked",
    "lead_meeting_completed",
    "lead_closed",
    "lead_out_of_office",
    "lead_wrong_person",
    "lead_no_show",
    "supersearch_enrichment_completed",
];
const FIELDS: &[&str] =
    &["campaign", "name", "target_hook_url", "event_type", "custom_interest_value", "headers"];

pub(super) fn list(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let limit = call.limit()?;
    let after = call.get("starting_after").unwrap_or_default();
    let rows = world.hooks.subscriptions.values().filter(|row| {
        row["id"].as_str().is_some_and(|id| id > after)
            && call.get("event_type").is_none_or(|wanted| row["event_type"] == wanted)
            && call.get("campaign").is_none_or(|wanted| row["campaign"] == wanted)
    });
    Ok(page(rows, limit, id))
}

pub(super) fn create(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let asked = read(call)?;
    if !asked.contains_key("target_hook_url") {
        return Err(Answer::error(400, "body must have required property 'target_hook_url'"));
    }
    Ok(Answer::json(&world.subscribe_as(&Value::Object(asked))))
}

pub(super) fn change(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let asked = read(call)?;
    let Some(row) = world.hooks.subscriptions.get_mut(&call.id) else { return Err(Answer::not_found()) };
    if let Some(row) = row.as_object_mut() {
        row.extend(asked);
    }
    Ok(Answer::json(row))
}

pub(super) fn delete(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    Ok(Answer::found(world.hooks.subscriptions.remove(&call.id).as_ref()))
}

pub(super) fn resume(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    Ok(Answer::found(world.hooks.resume(&call.id).as_ref()))
}

/// Whether there is such a subscription; the delivery itself is the server's.
pub(super) fn test(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    Ok(Answer::found(world.hooks.subscriptions.get(&call.id)))
}

pub(super) fn event_types(world: &mut World, _call: &Call) -> Result<Answer, Answer> {
    let standard = EVENT_TYPES.iter().skip(1).map(|id| json!({"id": id, "label": id, "type": "standard"}));
    let custom = world.labels().values().map(|label| {
        json!({"id": label["interest_status"].to_string(), "label": label["label"], "type": "custom"})
    });
    Ok(Answer::json(&json!({"event_types": standard.chain(custom).collect::<Vec<_>>()})))
}

pub(super) fn events(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let limit = call.limit()?;
    let day = |key: &str| match call.get(key) {
        None => Ok(None),
        Some(text) => clock::parse(text)
            .filter(|_| text.len() == 10)
            .map(Some)
            .ok_or_else(|| Answer::error(400, &format!("querystring/{key} must match format \"date\""))),
    };
    let (from, to) = (day("from")?, day("to")?);
    let after = match call.get("starting_after") {
        None => None,
        Some(text) => {
            let id = uuid::Uuid::parse_str(text);
            Some(id.map_err(|_| Answer::error(400, "querystring/starting_after must match format \"uuid\""))?)
        }
    };
    let success = call.get("success").map(|_| call.flag("success"));
    // The id tells the time, so that a cursor holds whatever came since.
    let time = |id: uuid::Uuid| (id.as_u128() >> 80) as i64;
    let rows: Vec<_> = world
        .hooks
        .logged()
        .filter(|((at, id), logged)| {
            after.is_none_or(|after| (*at, *id) < (time(after), after))
                && from.is_none_or(|from| *at >= from)
                && to.is_none_or(|to| *at < to + clock::DAY)
                && success.is_none_or(|success| logged.success == success)
                && call.get("search").is_none_or(|text| {
                    logged.url == text || logged.lead.as_deref().is_some_and(|lead| lead == text)
                })
        })
        .take(limit)
        .map(|((_, id), logged)| (*id, logged.row.clone()))
        .collect();
    let last = rows.last().map(|(id, _)| id.to_string());
    let rows: Vec<Bytes> = rows.into_iter().map(|(_, row)| row).collect();
    Ok(Answer::page(&rows, limit, last))
}

/// The fields that were given, checked.
fn read(call: &Call) -> Result<Map<String, Value>, Answer> {
    let asked = call.object()?;
    if asked.keys().any(|key| !FIELDS.contains(&key.as_str())) {
        return Err(Answer::error(400, "body must NOT have additional properties"));
    }
    if let Some(url) = asked.get("target_hook_url")
        && !url.as_str().is_some_and(|url| url.starts_with("http://") || url.starts_with("https://"))
    {
        return Err(Answer::error(400, "body/target_hook_url must match pattern \"^https?://\""));
    }
    let named = asked.get("event_type").filter(|named| !named.is_null());
    if named.is_some_and(|named| !named.as_str().is_some_and(|named| EVENT_TYPES.contains(&named))) {
        return Err(Answer::error(400, "body/event_type must be equal to one of the allowed values"));
    }
    Ok(asked)
}
