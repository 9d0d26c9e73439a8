//! Webhook deliveries of Instantly: which event an object is, and what makes it one. Source: the fact sheet, 5.
//! Leaves subscriptions to `webhooks`, and what an event means for a lead to the normalise steps.
//!
//! The lead's variables are merged into the top level and may collide with the vendor's own names: only the names
//! below are read, and the payload is kept as it came.

use sha2::{Digest, Sha256};

use super::mail;
use super::tables::{Extracted, name};
use crate::identity;
use crate::raw::{Column, Fields, Payload, RawTable, Record};
use crate::source::{self, Delivery, Understood};

const TEXT: &str = "text";

pub(super) static WEBHOOK_EVENTS: RawTable = RawTable {
    name: "instantly_webhook_events_raw",
    key: "t.event_key",
    same_record: "t.event_key = i.record_key",
    columns: &[
        Column("event_key", TEXT),
        Column("vendor_event_type", TEXT),
        Column("event_type", TEXT),
        Column("natural_key", TEXT),
        Column("instantly_campaign_id", TEXT),
        Column("email_address", TEXT),
        Column("instantly_email_id", TEXT),
        Column("event_date", "timestamptz"),
        Column("sequence_step", "integer"),
        Column("interest_code", "integer"),
    ],
};

/// Names by which the vendor reports an interest, with their code; neutral is none, which is not 0.
const INTERESTS: &[(&str, Option<i32>)] = &[
    ("lead_out_of_office", Some(0)),
    ("lead_interested", Some(1)),
    ("lead_meeting_booked", Some(2)),
    ("lead_meeting_completed", Some(3)),
    ("lead_closed", Some(4)),
    ("lead_not_interested", Some(-1)),
    ("lead_wrong_person", Some(-2)),
    ("lead_lost", Some(-3)),
    ("lead_no_show", Some(-4)),
    ("lead_neutral", None),
];

const NO_TOUCHES: &[&str] = &["account_error", "campaign_completed", "supersearch_enrichment_completed"];

/// How names of the vendor begin; any other name is the words of a custom label.
const VENDOR_PREFIXES: &[&str] =
    &["lead_", "email_", "reply_", "auto_reply_", "link_", "account_", "campaign_", "supersearch_"];

/// Campaign of the vendor's trial deliveries.
const NO_CAMPAIGN: &str = "00000000-0000-0000-0000-000000000000";

/// Reads a delivery: one event, or a list of them.
pub fn understand(delivery: &Delivery) -> Understood {
    let objects = match source::objects(delivery.body) {
        Ok(objects) => objects,
        Err(reason) => return Understood::SetAside(reason),
    };
    let read = |object: &&serde_json::value::RawValue| record(object.get(), delivery.event);
    let records: Vec<_> = objects.iter().filter_map(read).map(|record| (&WEBHOOK_EVENTS, record)).collect();
    if records.is_empty() {
        return Understood::SetAside("it has no `event_type`".into());
    }
    Understood::Records(records)
}

/// One event as a record; None where nothing says what happened.
pub(super) fn record(json: &str, named: Option<&str>) -> Option<Record> {
    let payload = Payload::new(json);
    let Extracted { key, values } = extract(&Fields::of(&payload.json), named)?;
    Some(Record { key, values, payload })
}

/// The same out of the vendor's log of deliveries.
pub(super) fn logged(f: &Fields) -> Option<Extracted> {
    extract(f, None)
}

fn extract(f: &Fields, named: Option<&str>) -> Option<Extracted> {
    let vendor_type = f.filled("event_type").or_else(|| named.map(str::to_owned))?;
    let lead = f.filled("lead_email").or_else(|| f.filled("email"));
    let address = lead.as_deref().and_then(identity::email::key);
    let campaign = name(f, "campaign_id");
    let trial = campaign.as_deref() == Some(NO_CAMPAIGN);
    let event_type = if trial { None } else { touch(&vendor_type, lead.is_some()) };
    let key = key(f, &vendor_type);
    let email_id = name(f, "email_id").filter(|id| !id.trim().is_empty());
    let natural_key =
        event_type.filter(|_| lead.is_some()).map(|event_type| match (event_type, &email_id, &address) {
            ("email_sent" | "email_replied" | "email_auto_replied", Some(id), _) => {
                format!("instantly:email:{id}")
            }
            ("email_bounced", _, Some(address)) => once("bounced", campaign.as_deref(), address),
            ("email_unsubscribed", _, Some(address)) => once("unsubscribed", campaign.as_deref(), address),
            // Subscribed as email_link_clicked, delivered as link_clicked: one click by either name.
            ("email_clicked", ..) => format!("instantly:event:{}", self::key(f, "link_clicked")),
            _ => format!("instantly:event:{key}"),
        });
    let interest = INTERESTS.iter().find(|(name, _)| same(name, &vendor_type)).and_then(|(_, code)| *code);
    let values = vec![
        Some(key.clone()),
        Some(vendor_type.chars().take(600).collect()),
        event_type.map(str::to_owned),
        natural_key,
        campaign,
        address,
        email_id,
        f.timestamp("timestamp").filter(|at| mail::in_range(*at)).map(|at| at.to_string()),
        f.integer("step").filter(|step| *step > 0).map(|step| step.to_string()),
        interest.map(|code| code.to_string()),
    ];
    Some(Extracted { key, values })
}

/// What happens once to an address in a campaign; the vendor's lead record tells of it, too.
fn once(what: &str, campaign: Option<&str>, address: &str) -> String {
    format!("instantly:{what}:{}:{address}", campaign.unwrap_or_default())
}

/// The vendor's name for it in our words; None: known, and no touch of a lead. What nobody has explained is `other`,
/// unless it is about a lead and reads as the words of a custom label.
fn touch(vendor_type: &str, about_a_lead: bool) -> Option<&'static str> {
    let known = |name: &str| same(name, vendor_type);
    let touch = match () {
        () if known("email_sent") => "email_sent",
        () if known("email_opened") => "email_opened",
        () if known("link_clicked") || known("email_link_clicked") => "email_clicked",
        () if known("reply_received") => "email_replied",
        () if known("auto_reply_received") => "email_auto_replied",
        () if known("email_bounced") => "email_bounced",
        () if known("lead_unsubscribed") => "email_unsubscribed",
        () if NO_TOUCHES.iter().any(|name| known(name)) => return None,
        () if INTERESTS.iter().any(|(name, _)| known(name)) => "interest_changed",
        () if about_a_lead
            && !VENDOR_PREFIXES.iter().any(|prefix| vendor_type.trim().starts_with(prefix)) =>
        {
            "interest_changed"
        }
        () => return Some("other"),
    };
    about_a_lead.then_some(touch)
}

fn same(name: &str, vendor_type: &str) -> bool {
    vendor_type.trim().eq_ignore_ascii_case(name)
}

/// What makes deliveries one event (fact sheet, 5.5): the body has no id of its own, `timestamp` stays the same on a
/// retry, and `email_id` alone is shared by opens and by several replies. What is absent counts as empty.
fn key(f: &Fields, event_type: &str) -> String {
    let text = |field: &str| f.text(field).unwrap_or_default();
    let parts = [
        text("workspace"),
        event_type.to_owned(),
        text("campaign_id"),
        text("lead_email").to_lowercase(),
        text("email_account"),
        text("step"),
        text("variant"),
        text("email_id"),
        text("timestamp"),
    ];
    Sha256::digest(parts.join("|")).iter().map(|byte| format!("{byte:02x}")).collect()
}
