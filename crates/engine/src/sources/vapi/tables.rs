//! Vapi's raw tables: which columns are extracted, and how a record fills them. Leaves what a call says to `facts`,
//! storing to `raw`.

use serde_json::Value;

use super::facts::Facts;
use crate::raw::{Column, Fields, RawTable};
use crate::source::Extracted;

const TEXT: &str = "text";
const INSTANT: &str = "timestamptz";

/// Longest key we index; anything longer is set aside.
const MAX_KEY_BYTES: usize = 600;

pub(super) static CALLS: RawTable = RawTable {
    name: "vapi_calls_raw",
    key: "t.vapi_call_id",
    same_record: "t.vapi_call_id = i.record_key",
    columns: &[
        Column("vapi_call_id", TEXT),
        Column("call_type", TEXT),
        Column("call_status", TEXT),
        Column("ended_reason", TEXT),
        Column("ended_bucket", TEXT),
        Column("vapi_campaign_id", TEXT),
        Column("customer_number", TEXT),
        Column("our_ids", "uuid[]"),
        Column("scheduled_for", INSTANT),
        Column("call_created_at", INSTANT),
        Column("call_started_at", INSTANT),
        Column("call_ended_at", INSTANT),
        Column("duration_seconds", "integer"),
        Column("cost_usd", "numeric"),
        Column("call_outcome", TEXT),
        Column("customer_spoke", "boolean"),
        Column("has_recording", "boolean"),
    ],
};

pub(super) static MESSAGES: RawTable = RawTable {
    name: "vapi_messages_raw",
    key: "t.message_key",
    same_record: "t.message_key = i.record_key",
    columns: &[
        Column("message_key", TEXT),
        Column("message_type", TEXT),
        Column("meaning", TEXT),
        Column("message_at", INSTANT),
        Column("vapi_call_id", TEXT),
        Column("call_type", TEXT),
        Column("call_status", TEXT),
        Column("ended_reason", TEXT),
        Column("ended_bucket", TEXT),
        Column("vapi_campaign_id", TEXT),
        Column("customer_number", TEXT),
        Column("our_ids", "uuid[]"),
        Column("scheduled_for", INSTANT),
        Column("call_created_at", INSTANT),
        Column("call_started_at", INSTANT),
        Column("call_ended_at", INSTANT),
        Column("duration_seconds", "integer"),
        Column("cost_usd", "numeric"),
        Column("call_outcome", TEXT),
        Column("customer_spoke", "boolean"),
        Column("has_recording", "boolean"),
    ],
};

pub(super) static CAMPAIGNS: RawTable = RawTable {
    name: "vapi_campaigns_raw",
    key: "t.vapi_campaign_id",
    same_record: "t.vapi_campaign_id = i.record_key",
    columns: &[
        Column("vapi_campaign_id", TEXT),
        Column("campaign_name", TEXT),
        Column("campaign_status", TEXT),
    ],
};

pub(super) static ASSISTANTS: RawTable = RawTable {
    name: "vapi_assistants_raw",
    key: "t.vapi_assistant_id",
    same_record: "t.vapi_assistant_id = i.record_key",
    columns: &[Column("vapi_assistant_id", TEXT), Column("assistant_name", TEXT)],
};

pub(super) static PHONE_NUMBERS: RawTable = RawTable {
    name: "vapi_phone_numbers_raw",
    key: "t.vapi_phone_number_id",
    same_record: "t.vapi_phone_number_id = i.record_key",
    columns: &[
        Column("vapi_phone_number_id", TEXT),
        Column("phone_number", TEXT),
        Column("number_status", TEXT),
    ],
};

/// Key and extracted columns of a record, or None where it carries no usable key.
pub(super) type Extract = fn(&Fields, &str) -> Option<Extracted>;

/// One call of `GET /call`.
pub(super) fn call(f: &Fields, json: &str) -> Option<Extracted> {
    let key = key(f)?;
    // What is nested too deep to be read is kept all the same.
    let call: Value = serde_json::from_str(json).unwrap_or(Value::Null);
    let mut values = vec![Some(key.clone())];
    values.extend(Facts::of_call(&call).columns());
    Some(Extracted { key, values })
}

/// One campaign of `GET /v2/campaign`.
pub(super) fn campaign(f: &Fields, _: &str) -> Option<Extracted> {
    let key = key(f)?;
    Some(Extracted { values: vec![Some(key.clone()), name(f, "name"), name(f, "status")], key })
}

/// One assistant of `GET /assistant`.
pub(super) fn assistant(f: &Fields, _: &str) -> Option<Extracted> {
    let key = key(f)?;
    Some(Extracted { values: vec![Some(key.clone()), name(f, "name")], key })
}

/// One line of `GET /phone-number`.
pub(super) fn phone_number(f: &Fields, _: &str) -> Option<Extracted> {
    let key = key(f)?;
    Some(Extracted { values: vec![Some(key.clone()), name(f, "number"), name(f, "status")], key })
}

fn key(f: &Fields) -> Option<String> {
    f.filled("id").filter(|key| key.len() <= MAX_KEY_BYTES)
}

/// Text that is indexed or shown: cut; the whole is in the payload.
fn name(f: &Fields, field: &str) -> Option<String> {
    f.text(field).map(|text| text.chars().take(600).collect())
}
