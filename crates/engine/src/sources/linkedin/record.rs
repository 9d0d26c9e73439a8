//! A touch as a record of the raw table: which columns it fills, and what makes it one.

use sha2::{Digest, Sha256};

use super::Touch;
use crate::raw::{Column, Payload, RawTable, Record};

const TEXT: &str = "text";

/// What LinkedIn tools told.
pub static EVENTS: RawTable = RawTable {
    name: "linkedin_events_raw",
    key: "t.event_key",
    same_record: "t.event_key = i.record_key",
    columns: &[
        Column("event_key", TEXT),
        Column("provider", TEXT),
        Column("vendor_event_type", TEXT),
        Column("event_type", TEXT),
        Column("natural_key", TEXT),
        Column("linkedin_profile", TEXT),
        Column("email_address", TEXT),
        Column("sender_account", TEXT),
        Column("campaign_ref", TEXT),
        Column("campaign_name", TEXT),
        Column("message_text", TEXT),
        Column("event_date", "timestamptz"),
    ],
};

/// The touch with the payload it was read from.
///
/// Two keys: `event_key` makes a retry and a second subscription one raw row; `natural_key` makes what a tool tells
/// under two names (a reply of a campaign, every reply of the inbox) one touch. The tool's own id counts where there is
/// one; else who, what, when to the second, and the words. Without a time the payload stands in for it.
pub(crate) fn record(touch: Touch, payload: Payload) -> Record {
    let who = touch.profile.as_deref().or(touch.email.as_deref()).unwrap_or_default();
    let when = touch.happened_at.map_or_else(|| hex(&payload.sha256), |at| at.as_second().to_string());
    let words = touch.message.as_deref().map(|words| hex(&Sha256::digest(words.trim()))).unwrap_or_default();
    let sender = touch.sender.as_deref().unwrap_or_default();
    let campaign = touch.campaign_ref.as_deref().or(touch.campaign.as_deref()).unwrap_or_default();
    let id = touch.id.as_deref().unwrap_or_default();
    let event = touch.event;
    let event_key = hash(&[&touch.provider, &touch.named, who, sender, campaign, &when, &words, id]);
    let natural_key = match (event, &touch.id) {
        // About a campaign, not about a person.
        ("campaign_completed", _) if who.is_empty() => None,
        (_, Some(id)) => Some(format!("linkedin:{}:{event}:{id}", touch.provider)),
        // The campaign is no part of a reply: an inbox that tells of every reply does not know it.
        ("message_replied", None) => {
            Some(format!("linkedin:{}:{}", touch.provider, hash(&[event, who, sender, &when, &words])))
        }
        (_, None) => {
            // A name nobody has explained is its own event.
            let event = if event == "other" { &touch.named } else { event };
            Some(format!(
                "linkedin:{}:{}",
                touch.provider,
                hash(&[event, who, sender, campaign, &when, &words])
            ))
        }
    };
    let values = vec![
        Some(event_key.clone()),
        Some(touch.provider),
        Some(touch.named),
        Some(event.to_owned()),
        natural_key,
        touch.profile,
        touch.email,
        touch.sender,
        touch.campaign_ref,
        touch.campaign,
        touch.message,
        touch.happened_at.map(|at| at.to_string()),
    ];
    Record { key: event_key, values, payload }
}

fn hash(parts: &[&str]) -> String {
    hex(&Sha256::digest(parts.join("|")))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
